import LosslessJSON
import WebClient

/// What an error answer of a Google service says, old style and new.
///
/// - SeeAlso: Google Calendar API guide, "Handle API errors"; Google Cloud API design guide,
///   "Errors" (`google.rpc.Status`, `ErrorInfo`).
struct ErrorEnvelope: Sendable {
    var reason: String?
    var allReasons: [String] = []
    var domain: String?
    var location: String?
    var message: String?

    /// Reads a body; one that is not such an envelope gives an empty value.
    init(_ body: [UInt8]) {
        guard let document = Self.document(body) else { return }
        let root = document.root
        guard let error = root["error"] else { return }
        if error.kind == .string {
            // The flat shape of the sign-in services.
            add(error.string)
            message = root["error_description"]?.string
            reason = allReasons.first
            return
        }
        message = error["message"]?.string
        if let errors = error["errors"], errors.kind == .array {
            for (index, one) in errors.elements.prefix(50).enumerated() {
                add(one["reason"]?.string)
                guard index == 0 else { continue }
                domain = Self.line(one["domain"]?.string)
                location = Self.line(one["location"]?.string)
            }
        }
        if let details = error["details"], details.kind == .array {
            for detail in details.elements.prefix(50) {
                add(detail["reason"]?.string)
                domain = domain ?? Self.line(detail["domain"]?.string)
            }
        }
        // The status text is the coarsest: it comes last, and first only when it is alone.
        let first = Self.usable(error["errors"]?[0]?["reason"]?.string)
        let status = Self.usable(error["status"]?.string)
        add(status)
        reason = first ?? status ?? allReasons.first
    }

    private mutating func add(_ reason: String?) {
        guard let reason = Self.usable(reason), !allReasons.contains(reason) else { return }
        allReasons.append(reason)
    }

    /// A reason that is a short word of letters, digits and `_`, as all of Google's are; anything
    /// else is none, as it is shown unmasked and could be a token.
    private static func usable(_ reason: String?) -> String? {
        guard let reason, (1...60).contains(reason.utf8.count),
            reason.utf8.allSatisfy({ byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                    || byte == UInt8(ascii: "_")
            })
        else { return nil }
        return reason
    }

    private static func line(_ text: String?) -> String? {
        text.map { Redaction.text($0, limit: 200) }
    }

    private static func document(_ body: [UInt8]) -> JSONDocument? {
        guard !body.isEmpty, body.count <= 1 << 20 else { return nil }
        // A proxy's HTML page is no envelope, and that is all there is to know about it.
        do { return try JSONDocument(parsing: body) } catch { return nil }
    }
}
