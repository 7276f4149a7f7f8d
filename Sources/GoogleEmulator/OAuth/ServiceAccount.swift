import LosslessJSON
import _CryptoExtras

/// An account of a program, which signs in with keys of its own.
struct ServiceAccount {
    let email: String
    /// Google's number of it, which counts as its client id.
    let clientID: String
    /// The public halves of its keys, oldest first; at most ten, as at Google.
    var keys: [Key] = []

    static let maxKeys = 10

    struct Key {
        let id: String
        let publicKey: _RSA.Signing.PublicKey

        init(_ publicKey: _RSA.Signing.PublicKey, id: String) {
            self.publicKey = publicKey
            self.id = id
        }
    }

    /// Whether one of the keys signed the token: the one that it names, or any.
    func signed(_ token: ReceivedToken) -> Bool {
        let named = token.header["kid"]?.string
        return keys.contains { key in
            (named == nil || named == key.id) && token.isSigned(by: key.publicKey)
        }
    }
}

extension LocalGoogle {
    /// Makes a service account, or another key for one that is there.
    ///
    /// Making a key takes a noticeable while.
    ///
    /// - Parameters:
    ///   - name: 6 to 30 small letters, digits and hyphens; a letter begins, no hyphen ends.
    ///   - baseURL: The address of this server, for example `http://127.0.0.1:8085`; `nil` writes
    ///     Google's own addresses.
    /// - Returns: The key file, as Google's console hands it out once; nobody else keeps the
    ///   private key.
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` for another name, `limitReached`
    ///   beyond 100 accounts, or beyond 10 keys of one account.
    /// - SeeAlso: Google Cloud IAM, "Create service accounts" and "Quotas and limits".
    public func makeServiceAccount(
        named name: String, baseURL: String? = nil
    ) throws(LocalGoogleError) -> [UInt8] {
        try locked { state throws(LocalGoogleError) in
            try state.world.makeServiceAccount(named: name).document(baseURL: baseURL)
                .serialized(.pretty)
        }
    }
}

/// A key file in the making.
struct ServiceAccountFile {
    let account: ServiceAccount
    let keyID: String
    let privateKey: String

    /// - SeeAlso: Google Cloud IAM, "Create and delete service account keys".
    func document(baseURL: String?) -> JSON {
        func at(_ host: String, _ path: String) -> JSON { .string((baseURL ?? host) + path) }
        return [
            "type": .string(ConsoleFile.serviceAccount), "project_id": .string(World.projectID),
            "private_key_id": .string(keyID), "private_key": .string(privateKey),
            "client_email": .string(account.email), "client_id": .string(account.clientID),
            "auth_uri": at("https://accounts.google.com", "/o/oauth2/auth"),
            "token_uri": at("https://oauth2.googleapis.com", "/token"),
            "auth_provider_x509_cert_url": at("https://www.googleapis.com", "/oauth2/v1/certs"),
            "universe_domain": "googleapis.com",
        ]
    }
}

extension World {
    static let projectID = "local-google"
    private static let maxServiceAccounts = 100

    /// Takes in an account that exists already, or another key of it.
    func register(_ known: LocalGoogleConfiguration.ServiceAccountKey) {
        let name = known.email.prefix { $0 != "@" }
        ensureAccount(known.email, name: String(name), subject: known.clientID)
        var account =
            oauth.serviceAccounts[known.email]
            ?? ServiceAccount(email: known.email, clientID: known.clientID)
        account.keys.append(known.key)
        oauth.serviceAccounts[known.email] = account
    }

    func makeServiceAccount(named name: String) throws(LocalGoogleError) -> ServiceAccountFile {
        guard Self.isServiceAccountName(name) else {
            throw LocalGoogleError(
                code: .invalidCommand,
                message: "A service account's name has 6 to 30 small letters, digits and hyphens, "
                    + "begins with a letter and does not end with a hyphen.")
        }
        let email = "\(name)@\(Self.projectID).iam.gserviceaccount.com"
        guard
            oauth.serviceAccounts[email] != nil
                || oauth.serviceAccounts.count < Self.maxServiceAccounts
        else {
            throw LocalGoogleError(
                code: .limitReached,
                message: "There are \(Self.maxServiceAccounts) service accounts already.")
        }
        var account =
            oauth.serviceAccounts[email]
            ?? ServiceAccount(email: email, clientID: ensureAccount(email, name: name).subject)
        guard account.keys.count < ServiceAccount.maxKeys else {
            throw LocalGoogleError(
                code: .limitReached,
                message: "A service account has at most \(ServiceAccount.maxKeys) keys.")
        }
        let key: _RSA.Signing.PrivateKey
        do { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) } catch {
            throw LocalGoogleError(
                code: .invalidCommand, message: "The service account's key cannot be made.")
        }
        let keyID = TokenSigner.name(of: key.publicKey)
        account.keys.append(ServiceAccount.Key(key.publicKey, id: keyID))
        oauth.serviceAccounts[email] = account
        return ServiceAccountFile(
            account: account, keyID: keyID, privateKey: key.pkcs8PEMRepresentation)
    }

    private static func isServiceAccountName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let small = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let hyphen = UInt8(ascii: "-")
        guard (6...30).contains(bytes.count), let first = bytes.first, small.contains(first),
            bytes.last != hyphen
        else { return false }
        return bytes.allSatisfy { small.contains($0) || digits.contains($0) || $0 == hyphen }
    }
}
