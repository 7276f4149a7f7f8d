import LosslessJSON
import Testing

@testable import GoogleEmulator

/// What an unmodified client finds on disk and in its environment.
@Suite struct ClientFileTests {
    private static let files = ClientFiles(
        certificateAuthority: "PEM",
        signIn: .init(
            client: .tandemLocal, refreshToken: "1//r", accessToken: "ya29.a", scopes: ["openid"]))

    private static func json(_ path: String) throws -> JSON {
        let file = try #require(files.files.first { $0.path == path })
        return try JSON(parsing: file.bytes)
    }

    @Test func `the client-secrets file is as Google hands it out`() throws {
        let client = try Self.json("client_secret.json")["installed"]
        #expect(client?["client_id"] == "tandem-local")
        #expect(client?["auth_uri"] == "https://accounts.google.com/o/oauth2/auth")
        #expect(client?["token_uri"] == "https://oauth2.googleapis.com/token")
        #expect(client?["redirect_uris"] == ["http://localhost"])
    }

    @Test func `google-auth's and gcalcli's sign-ins hold the user's tokens`() throws {
        let user = try Self.json("authorized_user.json")
        #expect(user["type"] == "authorized_user")
        let gcalcli = try Self.json("data/gcalcli/oauth")
        #expect(gcalcli["access_token"] == "ya29.a")
        #expect(gcalcli["scopes"] == ["openid"])
        for file in [user, gcalcli] {
            #expect(file["refresh_token"] == "1//r")
            #expect(file["client_secret"] == "tandem-local-secret")
            #expect(file["token_uri"] == "https://oauth2.googleapis.com/token")
        }
    }

    @Test func `every variable that names a file names one of the run's`() {
        let environment = ClientEnvironment(
            proxy: "http://127.0.0.1:1", localGoogle: "http://127.0.0.1:2", folder: "/run/folder")
        let paths = Self.files.files.map { "/run/folder/\($0.path)" }
        for (name, value) in environment.variables where value.hasPrefix("/") {
            #expect(
                paths.contains { $0 == value || $0.hasPrefix(value + "/") }, "\(name)=\(value)")
        }
        #expect(environment.variables["SSL_CERT_FILE"] == "/run/folder/ca.pem")
    }

    @Test func `everything but this machine goes through the proxy, in both spellings`() {
        let variables = ClientEnvironment(
            proxy: "http://127.0.0.1:1", localGoogle: "http://127.0.0.1:2", folder: "/f"
        ).variables
        for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
            #expect(variables[name] == "http://127.0.0.1:1")
            #expect(variables[name.lowercased()] == variables[name])
        }
        #expect(variables["NO_PROXY"] == "127.0.0.1,localhost,::1")
        #expect(variables["no_proxy"] == variables["NO_PROXY"])
        #expect(variables["TANDEM_GOOGLE_URL"] == "http://127.0.0.1:2")
    }
}
