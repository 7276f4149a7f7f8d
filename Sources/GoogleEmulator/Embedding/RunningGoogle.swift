/// A local Google on a port of this machine, as ``withGoogle(_:port:_:)`` lends it.
public struct RunningGoogle: Sendable {
    /// Everything that can be done to it from outside: clock, faults, seeds, requests, switches.
    public let google: LocalGoogle
    /// Its address without a closing slash, for example `http://127.0.0.1:40123`.
    ///
    /// It takes the place of every host of Google's.
    public let url: String

    /// The port on 127.0.0.1.
    public var port: Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// The client-secrets file of the client that every local Google knows, pointing at this one.
    ///
    /// - SeeAlso: Google API Python client, "Client secrets".
    public var clientSecrets: [UInt8] {
        LocalGoogleConfiguration.Client.tandemLocal.secretsFile(baseURL: url)
    }

    /// The file of a user who has signed in, with a refresh token for every scope, as Google's
    /// libraries and tools read and write it.
    ///
    /// Some readers, google-auth among them, ignore the file's `token_uri`; they must be told
    /// ``url`` besides.
    /// - Throws: ``LocalGoogleError`` with code `notFound` for an unknown user.
    /// - SeeAlso: google-auth for Python, `Credentials.from_authorized_user_file`.
    public func credentials(for email: String) throws(LocalGoogleError) -> [UInt8] {
        try google.credentials(for: email, baseURL: url)
    }
}
