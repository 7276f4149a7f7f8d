import LosslessJSON

/// The files that an unmodified client finds when it runs on a local Google: a certificate to
/// trust, an OAuth client, and sign-ins of one user, all with Google's own addresses.
public struct ClientFiles: Sendable {
    /// One file below the folder of the run.
    public struct File: Sendable, Hashable {
        /// The path below the folder, with slashes.
        public let path: String
        /// The content.
        public let bytes: [UInt8]
    }

    /// What one user granted one client.
    public struct SignIn: Sendable, Hashable {
        /// The client.
        public var client: LocalGoogleConfiguration.Client
        /// The refresh token.
        public var refreshToken: String
        /// An access token that is still good.
        public var accessToken: String
        /// What was granted.
        public var scopes: [String]

        /// Puts a sign-in together.
        public init(
            client: LocalGoogleConfiguration.Client, refreshToken: String, accessToken: String,
            scopes: [String]
        ) {
            self.client = client
            self.refreshToken = refreshToken
            self.accessToken = accessToken
            self.scopes = scopes
        }
    }

    /// The certificate authority, PEM; the only one that the client is to trust.
    static let authorityPath = "ca.pem"
    /// A client-secrets file of an installed program.
    static let clientPath = "client_secret.json"
    /// A sign-in as google-auth keeps it, type `authorized_user`.
    static let userPath = "authorized_user.json"
    /// The folder for programs' own data.
    static let dataPath = "data"

    private let certificateAuthority: String
    private let signIn: SignIn

    /// Prepares the files.
    ///
    /// - Parameters:
    ///   - certificateAuthority: The certificate of ``InterceptingProxy/certificateAuthority()``.
    ///   - signIn: Who is signed in.
    public init(certificateAuthority: String, signIn: SignIn) {
        self.certificateAuthority = certificateAuthority
        self.signIn = signIn
    }

    /// The files; each is a secret of its owner.
    public var files: [File] {
        [
            File(path: Self.authorityPath, bytes: Array(certificateAuthority.utf8)),
            File(path: Self.clientPath, bytes: signIn.client.secretsFile(at: .google)),
            File(path: Self.userPath, bytes: JSON.object(authorizedUser).serialized(.pretty)),
            File(path: "\(Self.dataPath)/gcalcli/oauth", bytes: JSON.object(gcalcli).serialized()),
        ]
    }

    /// - SeeAlso: google-auth, `google.oauth2.credentials.Credentials.from_authorized_user_file`.
    private var authorizedUser: JSONObject {
        [
            "type": "authorized_user", "client_id": .string(signIn.client.id),
            "client_secret": .string(signIn.client.secret),
            "refresh_token": .string(signIn.refreshToken),
            "token_uri": .string(OAuthAddresses.google.token),
            "universe_domain": "googleapis.com",
        ]
    }

    /// gcalcli's sign-in in the older of the two shapes that it reads; it turns it into its own.
    ///
    /// - SeeAlso: gcalcli 4.5, `auth.py`, `creds_from_legacy_json`.
    private var gcalcli: JSONObject {
        [
            "access_token": .string(signIn.accessToken), "client_id": .string(signIn.client.id),
            "client_secret": .string(signIn.client.secret),
            "refresh_token": .string(signIn.refreshToken),
            "token_uri": .string(OAuthAddresses.google.token),
            "scopes": .array(signIn.scopes.map { .string($0) }),
        ]
    }
}

/// Where sign-in endpoints are, as client files name them.
struct OAuthAddresses: Sendable {
    let authorization: String
    let token: String
    let certificates: String

    /// As they stand in the files that Google's console hands out.
    static let google = Self(
        authorization: "https://accounts.google.com/o/oauth2/auth",
        token: "https://oauth2.googleapis.com/token",
        certificates: "https://www.googleapis.com/oauth2/v1/certs")

    /// All on one address, without a closing slash.
    static func local(_ base: String) -> Self {
        Self(
            authorization: base + "/o/oauth2/auth", token: base + "/token",
            certificates: base + "/oauth2/v1/certs")
    }
}
