import Foundation
import LosslessJSON
import WebClient

/// Turns one HTTP answer into a value or an error; the same for a call alone and in a batch.
struct AnswerReader: Sendable {
    let call: GoogleCall
    /// How deep an answer may be nested.
    static let maxDepth = 64
    /// This machine's time when the answer came.
    let now: Date

    func read(_ response: WebResponse) throws(GoogleError) -> GoogleAnswer {
        let serverDate = response.headers["Date"].flatMap(Timestamps.httpDate)
        switch response.status {
        case 200...299:
            guard call.answersJSON, response.status != 204 else {
                return GoogleAnswer(
                    status: response.status, document: nil, etag: response.headers["ETag"],
                    serverDate: serverDate)
            }
            let document = try self.document(response.body)
            return GoogleAnswer(
                status: response.status, document: document,
                etag: document.root["etag"]?.string ?? response.headers["ETag"],
                serverDate: serverDate)
        case 304 where call.headers["If-None-Match"] != nil:
            return GoogleAnswer(
                status: 304, document: nil, etag: response.headers["ETag"], serverDate: serverDate)
        default: throw failure(response, serverDate: serverDate)
        }
    }

    private func document(_ body: [UInt8]) throws(GoogleError) -> JSONDocument {
        let document: JSONDocument
        do {
            document = try JSONDocument(
                parsing: body,
                limits: JSONLimits(maxBytes: call.maxResponseBytes, maxDepth: Self.maxDepth))
        } catch { throw .unreadable(call, why: "it is not JSON", cause: error) }
        guard document.root.kind == .object else {
            throw .unreadable(call, why: "it is not a JSON object")
        }
        return document
    }

    private func failure(_ response: WebResponse, serverDate: Date?) -> GoogleError {
        let envelope = ErrorEnvelope(response.body)
        let code = Classification.code(status: response.status, envelope: envelope, call: call)
        let skew = serverDate.map { Duration.seconds(now.timeIntervalSince($0)) }
        // Google's own words may end without a full stop, and others follow.
        let said =
            envelope.message.map { Redaction.text($0) }.map { words in
                " Google says: \(words)" + (words.hasSuffix(".") ? "" : ".")
            } ?? ""
        let isUncertain =
            call.effect == .write && (code == .backend || !(400...599).contains(response.status))
        return GoogleError(
            code: code,
            message: "\(call) was answered with \(response.status)"
                + (envelope.reason.map { " \(Redaction.text($0))" } ?? "") + ". "
                + Remedies.text(for: code, skew: skew) + said,
            service: call.service, method: call.name, status: response.status,
            reason: envelope.reason, allReasons: envelope.allReasons, domain: envelope.domain,
            location: envelope.location,
            retryAfter: Self.retryAfter(response.headers["Retry-After"], now: serverDate ?? now),
            clockSkew: skew, mayHaveBeenApplied: isUncertain)
    }

    /// Reads `Retry-After`: seconds or a date; at most one day, so that a broken value cannot
    /// park an account for ever.
    ///
    /// - Parameters:
    ///   - text: The header's value.
    ///   - now: What a date counts from: Google's own clock when it is known.
    /// - Returns: The wait, or `nil` for no value or a broken one.
    /// - SeeAlso: RFC 9110 section 10.2.3.
    static func retryAfter(_ text: String?, now: Date) -> Duration? {
        guard let text else { return nil }
        let day = 86_400
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int(text) ?? day, day))  // Too many digits for a number: a day.
        }
        guard let date = Timestamps.httpDate(text) else { return nil }
        return .seconds(min(max(date.timeIntervalSince(now), 0), Double(day)))
    }
}

extension GoogleError {
    static func unreadable(
        _ call: GoogleCall, why: String, cause: (any Error)? = nil
    ) -> GoogleError {
        GoogleError(
            code: .unreadable,
            message: "The answer to \(call) cannot be used: \(why). A proxy may be in between; "
                + "try again later.",
            service: call.service, method: call.name,
            mayHaveBeenApplied: call.effect == .write, cause: cause)
    }

    /// A call that no complete answer came to.
    init(_ call: GoogleCall, transport error: WebError) {
        let code: Code =
            switch error.code {
            case .cancelled, .closed: .cancelled
            case .malformed where error.wasSent == false: .invalidCall
            case .certificate, .insecure: .untrusted
            case .tooLarge: .answerTooLarge
            default: error.wasSent == false ? .unreachable : .transport
            }
        self.init(
            code: code,
            message: "\(call) got no answer. \(error.message)", service: call.service,
            method: call.name,
            mayHaveBeenApplied: call.effect == .write && error.wasSent != false, cause: error)
    }

    /// A call that was not sent because no token could be had.
    init(_ call: GoogleCall, signIn error: OAuthError) {
        self.init(
            code: error.isTransient ? .signInUnavailable : .signIn,
            message: "\(call) was not sent: \(error.message)", service: call.service,
            method: call.name, retryAfter: error.retryAfter, clockSkew: error.clockSkew,
            cause: error)
    }
}
