import LosslessJSON
import _CryptoExtras

extension LocalGoogleConfiguration {
    /// A service account that is known from the start, with one of its keys.
    public struct ServiceAccountKey: Sendable {
        /// The account's address.
        public let email: String
        /// Google's number of it.
        public let clientID: String
        let key: ServiceAccount.Key

        /// Reads a key file as Google's console hands it out; only the public half is kept.
        ///
        /// - Throws: ``LocalGoogleError`` with code `invalidConfiguration` if it is not one.
        /// - SeeAlso: Google Cloud IAM, "Create and delete service account keys".
        public init(keyFile bytes: [UInt8]) throws(LocalGoogleError) {
            let file = try ConsoleFile.parsed(bytes)
            guard file["type"]?.string == ConsoleFile.serviceAccount,
                let email = file["client_email"]?.string?.lowercased(),
                EmailAddress.isUsable(email),
                let clientID = file["client_id"]?.string, !clientID.isEmpty,
                let id = file["private_key_id"]?.string,
                let pem = file["private_key"]?.string
            else {
                throw LocalGoogleError(
                    code: .invalidConfiguration,
                    message: "The service account's key file needs client_email, client_id, "
                        + "private_key_id and private_key; make a new key.")
            }
            let key: _RSA.Signing.PrivateKey
            do { key = try _RSA.Signing.PrivateKey(pemRepresentation: pem) } catch {
                throw LocalGoogleError(
                    code: .invalidConfiguration,
                    message: "The private_key of the service account \(email) is no RSA key of at "
                        + "least 2048 bits; make a new one.")
            }
            self.email = email
            self.clientID = clientID
            self.key = ServiceAccount.Key(key.publicKey, id: id)
        }
    }

    /// Registers what a file of Google's console is about: a client, or a service account.
    ///
    /// - Returns: Whether it was a client.
    /// - Throws: ``LocalGoogleError`` with code `invalidConfiguration` if it is neither.
    @discardableResult
    public mutating func register(clientFile bytes: [UInt8]) throws(LocalGoogleError) -> Bool {
        guard try ConsoleFile.parsed(bytes)["type"]?.string == ConsoleFile.serviceAccount else {
            clients.append(try Client(secretsFile: bytes))
            return true
        }
        serviceAccounts.append(try ServiceAccountKey(keyFile: bytes))
        return false
    }
}

/// The files that Google's console hands out.
enum ConsoleFile {
    static let serviceAccount = "service_account"

    static func parsed(_ bytes: [UInt8]) throws(LocalGoogleError) -> JSON {
        do { return try JSON(parsing: bytes) } catch {
            throw LocalGoogleError(
                code: .invalidConfiguration,
                message: "The client file is not JSON: \(error.message)")
        }
    }
}
