import GoogleEmulator
import LosslessJSON

/// What a sign-in at a local Google left.
struct LocalSignIn: Sendable {
    let accessToken: String
    let refreshToken: String
    let scopes: [String]
}

extension EmulatorControl {
    /// Signs a user in, the first one where none is named, with the client that every local Google
    /// knows.
    ///
    /// It is a command and no visit of the sign-in's pages: no fault hits it, and no request is
    /// counted.
    /// - Throws: As ``ask(_:_:_:)`` does.
    func signIn(user: String? = nil) async throws -> LocalSignIn {
        let body: JSON = user.map { ["user": .string($0)] } ?? [:]
        let answer = try await ask("POST", "tokens", body)
        let scopes = answer["scopes"]?.array?.compactMap(\.string)
        guard let accessToken = answer["accessToken"]?.string,
            let refreshToken = answer["refreshToken"]?.string, let scopes
        else {
            throw CommandFailure(
                .configuration, code: "notALocalGoogle",
                "What answers at \(address) signs nobody in, so it is no local Google of ours.",
                remedy: "tandem emulator start, or name another one: --url http://127.0.0.1:PORT")
        }
        return LocalSignIn(accessToken: accessToken, refreshToken: refreshToken, scopes: scopes)
    }
}
