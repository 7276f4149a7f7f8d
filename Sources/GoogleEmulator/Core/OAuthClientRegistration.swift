import LosslessJSON

extension LocalGoogleConfiguration {
    /// An OAuth client as it would be registered in Google's console.
    public struct Client: Sendable, Hashable {
        /// The client id.
        public var id: String
        /// The client secret.
        public var secret: String
        /// What kind of program it is.
        public var kind: Kind

        /// What kind of program a client is; it decides which redirect addresses are allowed.
        public enum Kind: Sendable, Hashable {
            /// A desktop program: any loopback address with any port and path.
            case installed
            /// A web server: exactly the registered addresses.
            case web(redirectURIs: [String])
        }

        /// Makes a registration.
        public init(id: String, secret: String, kind: Kind = .installed) {
            self.id = id
            self.secret = secret
            self.kind = kind
        }

        /// The client that every local Google knows; its secret is public and guards nothing.
        public static let tandemLocal = Self(
            id: "tandem-local", secret: "tandem-local-secret", kind: .installed)

        /// Reads a client-secrets file as Google's console hands it out.
        ///
        /// - Throws: ``LocalGoogleError`` with code `invalidConfiguration` if it is not one.
        /// - SeeAlso: Google API Python client, "Client secrets".
        public init(secretsFile bytes: [UInt8]) throws(LocalGoogleError) {
            let file = try ConsoleFile.parsed(bytes)
            guard let part = file["web"] ?? file["installed"], let id = part["client_id"]?.string,
                !id.isEmpty
            else {
                throw LocalGoogleError(
                    code: .invalidConfiguration,
                    message: "The client-secrets file needs an object \"installed\" or \"web\" "
                        + "with a client_id; download it again from the console.")
            }
            let redirects = (part["redirect_uris"]?.array ?? []).compactMap(\.string)
            self.init(
                id: id, secret: part["client_secret"]?.string ?? "",
                kind: file["web"] == nil ? .installed : .web(redirectURIs: redirects))
        }

        /// The client-secrets file of this client, pointing at a local Google.
        ///
        /// The base is for example `http://127.0.0.1:8085`, without a closing slash.
        public func secretsFile(baseURL: String) -> [UInt8] { secretsFile(at: .local(baseURL)) }

        /// The client-secrets file of this client with these addresses.
        func secretsFile(at addresses: OAuthAddresses) -> [UInt8] {
            var part: JSONObject = [
                "client_id": .string(id), "project_id": "local-google",
                "auth_uri": .string(addresses.authorization),
                "token_uri": .string(addresses.token),
                "auth_provider_x509_cert_url": .string(addresses.certificates),
                "client_secret": .string(secret),
            ]
            switch kind {
            case .installed:
                part["redirect_uris"] = ["http://localhost"]
                return JSON.object(["installed": .object(part)]).serialized(.pretty)
            case .web(let redirects):
                part["redirect_uris"] = .array(redirects.map { .string($0) })
                return JSON.object(["web": .object(part)]).serialized(.pretty)
            }
        }
    }
}
