/// The environment variables that lead an unmodified client to a local Google.
public struct ClientEnvironment: Sendable {
    private let proxy: String
    private let localGoogle: String
    private let folder: String

    /// Describes an environment.
    ///
    /// - Parameters:
    ///   - proxy: The address of an ``InterceptingProxy``.
    ///   - localGoogle: The address of the local Google.
    ///   - folder: The absolute path of the folder that holds the ``ClientFiles``.
    public init(proxy: String, localGoogle: String, folder: String) {
        self.proxy = proxy
        self.localGoogle = localGoogle
        self.folder = folder
    }

    /// What is set, whatever the client was given before.
    ///
    /// The variables of proxies are set in both spellings, since programs differ in which they
    /// read; loopback goes past the proxy, for sign-ins' redirects.
    ///
    /// - SeeAlso: curl(1), "ENVIRONMENT"; the documentation of OpenSSL
    ///   (`SSL_CERT_FILE`), Requests (`REQUESTS_CA_BUNDLE`), httplib2 (`HTTPLIB2_CA_CERTS`) and
    ///   Node.js (`NODE_EXTRA_CA_CERTS`); google-auth (`GOOGLE_APPLICATION_CREDENTIALS`); XDG Base
    ///   Directory Specification 0.8 (`XDG_DATA_HOME`).
    public var variables: [String: String] {
        var variables = [
            "TANDEM_GOOGLE_URL": localGoogle,
            "TANDEM_EMULATOR_CLIENT_FILE": path(ClientFiles.clientPath),
            "GOOGLE_APPLICATION_CREDENTIALS": path(ClientFiles.userPath),
            // Programs find their sign-in here, and mix nothing of theirs with it.
            "XDG_DATA_HOME": path(ClientFiles.dataPath),
        ]
        for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
            variables[name] = proxy
            variables[name.lowercased()] = proxy
        }
        for name in ["NO_PROXY", "no_proxy"] { variables[name] = "127.0.0.1,localhost,::1" }
        for name in Self.authorityNames { variables[name] = path(ClientFiles.authorityPath) }
        return variables
    }

    /// The variables that name the certificates a program trusts.
    private static let authorityNames = [
        "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPLIB2_CA_CERTS",
        "NODE_EXTRA_CA_CERTS",
    ]

    private func path(_ name: String) -> String { "\(folder)/\(name)" }
}
