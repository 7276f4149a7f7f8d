import Foundation
import LosslessJSON
import WebClient

/// Who a bearer is, by OpenID Connect.
///
/// - SeeAlso: Google Identity guide, "OpenID Connect", section "Obtaining user profile
///   information".
public struct GoogleIdentity: Hashable, Sendable {
    /// The stable id of the person: the only thing to tell accounts apart by.
    public var sub: String
    /// The e-mail address, which may change.
    public var email: String?
    /// The name shown.
    public var name: String?

    init(_ root: JSONNode) throws(OAuthError) {
        guard let sub = root["sub"]?.string ?? root["id"]?.string, !sub.isEmpty,
            sub.utf8.count <= 255
        else {
            throw OAuthError(
                code: .unreadable, message: "Google did not say who signed in; try again.")
        }
        self.sub = sub
        email = root["email"]?.string
        name = root["name"]?.string
    }
}

/// What a person must do to sign in a device, and how long there is for it.
///
/// - SeeAlso: RFC 8628 section 3.2; Google writes `verification_url`, the standard
///   `verification_uri`.
public struct DeviceAuthorization: Hashable, Sendable {
    /// The secret that this device asks with.
    public var deviceCode: String
    /// What the person types.
    public var userCode: String
    /// Where the person types it.
    public var verificationURL: String
    /// How long the codes live; at most one hour.
    public var life: Duration
    /// The shortest time between two questions; 1 to 60 s.
    public var interval: Duration

    init(_ root: JSONNode) throws(OAuthError) {
        let address = root["verification_url"]?.string ?? root["verification_uri"]?.string
        guard let deviceCode = root["device_code"]?.string, !deviceCode.isEmpty,
            deviceCode.utf8.count <= 4096, let userCode = root["user_code"]?.string,
            !userCode.isEmpty, userCode.utf8.count <= 64, let address
        else {
            throw OAuthError(
                code: .unreadable, message: "Google's device answer lacks a code; try again.")
        }
        do { verificationURL = try WebURL(address).text } catch {
            throw OAuthError(
                code: .unreadable, message: "Google's device answer names no usable page.",
                cause: error)
        }
        self.deviceCode = deviceCode
        self.userCode = Redaction.oneLine(userCode)
        life = .seconds(min(max(root["expires_in"]?.double ?? 1800, 1), 3600))
        interval = .seconds(min(max(root["interval"]?.double ?? 5, 1), 60))
    }
}

extension DeviceAuthorization: CustomStringConvertible, CustomReflectable {
    /// Where to go; neither code.
    public var description: String { "device sign-in at \(verificationURL)" }
    /// Nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["device": description]) }
}
