import ArgumentParser
import GoogleAPI
import GoogleEmulator
import LosslessJSON
import TandemCore
import TandemFormats
import TandemStore
import TandemSync
import WebClient

extension JSONError {
    /// What is wrong, to be put into a sentence.
    var reason: String {
        let words = message.hasSuffix(".") ? message.dropLast() : message[...]
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}

extension CommandFailure {
    /// A file, or what else was given, is not JSON.
    ///
    /// - Parameters:
    ///   - name: What people call it.
    ///   - bytes: What it holds.
    ///   - error: Why it is no JSON.
    init(notJSON name: String, _ bytes: [UInt8], _ error: JSONError) {
        let line = bytes.prefix(max(0, error.offset)).count(where: { $0 == 0x0A }) + 1
        self.init(
            .usage, code: "json", "\(TerminalText.oneLine(name)), line \(line): \(error.reason).")
    }

    /// Puts any failure into words and an exit code.
    init(describing error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as TandemError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as SyncError: self.init(error)
        case let error as OAuthError: self.init(error)
        case let error as GoogleError: self.init(error)
        case let error as WebError: self.init(error)
        case let error as FormatError:
            self.init(.usage, code: "\(error.code)", error.message)
        case let error as JSONError:
            self.init(
                .usage, code: "json",
                "That is not JSON: \(error.reason) (byte \(error.offset)).")
        case let error as LocalGoogleError:
            self.init(.configuration, code: "localGoogle", error.message)
        case let error as ValidationError: self.init(.usage, error.message)
        case is CancellationError:
            self.init(.interrupted, "Interrupted; nothing that was acknowledged is lost.")
        default: self.init(.other, code: "unexpected", "An unexpected failure: \(error)")
        }
    }

    private init(_ error: TandemError) {
        let exit: ExitReason =
            switch error.code {
            case .invalid, .ambiguous: .usage
            case .notFound: .notFound
            case .denied: .denied
            case .unknownKind: .configuration
            default: .other
            }
        self.init(exit, code: "\(error.code)", error.message, remedy: error.remedy)
    }

    private init(_ error: StoreError) {
        let exit: ExitReason =
            switch error.code {
            case .notFound: .notFound
            case .sealed: .signInNeeded
            case .corrupt, .notAStore, .unwritable, .newer, .unsafeFile: .configuration
            default: .other
            }
        let remedy = error.code == .sealed ? error.remedy ?? "tandem auth login" : error.remedy
        self.init(exit, code: "store.\(error.code)", error.message, remedy: remedy)
    }

    private init(_ error: SyncError) {
        let exit: ExitReason =
            switch error.code {
            case .busy, .leaseLost: .busy
            case .notResolvable: .usage
            default: .other
            }
        self.init(exit, code: "\(error.code)", error.message, remedy: error.remedy)
    }

    private init(_ error: OAuthError) {
        let exit: ExitReason
        var remedy: String?
        switch error.code {
        case .invalidGrant, .consentRequired, .noRefreshToken, .invalidToken, .stateMismatch,
            .codeMissing, .timedOut, .expired:
            exit = .signInNeeded
            remedy = "tandem auth login"
        case .accessDenied: exit = .denied
        case .rateLimited, .slowDown: exit = .rateLimited
        case .network, .server, .unreadable: exit = .temporary
        case .cancelled: exit = .interrupted
        case .notSaved: exit = .other
        default: exit = .configuration
        }
        self.init(exit, code: "auth.\(error.code)", error.message, remedy: remedy)
        google = Self.google(
            api: "oauth", method: nil, status: error.status, reason: error.error)
    }

    private init(_ error: GoogleError) {
        if let cause = error.cause as? OAuthError {
            self.init(cause)
            return
        }
        let exit: ExitReason
        switch error.code {
        case .signIn, .unauthorized, .insufficientScope: exit = .signInNeeded
        case .serviceDisabled: exit = .configuration
        case .forbidden: exit = .denied
        case .notFound, .deleted: exit = .notFound
        case .rateLimited, .quotaExceeded, .dailyLimitExceeded: exit = .rateLimited
        case .transport, .unreachable, .untrusted, .backend, .unreadable, .answerTooLarge,
            .signInUnavailable, .missingPart:
            exit = .temporary
        case .cancelled: exit = .interrupted
        case .invalidCall: exit = .configuration
        default: exit = .other
        }
        self.init(
            exit, code: "google.\(error.code)", error.message,
            remedy: exit == .signInNeeded ? "tandem auth login" : nil)
        google = Self.google(
            api: error.service.map { "\($0)" }, method: error.method, status: error.status,
            reason: error.reason)
    }

    private init(_ error: WebError) {
        let exit: ExitReason = error.code == .cancelled ? .interrupted : .temporary
        self.init(exit, code: "web.\(error.code)", error.message)
    }

    /// What Google said, as far as it is known.
    static func google(
        api: String?, method: String?, status: Int?, reason: String?
    ) -> JSON? {
        var said = JSONObject()
        said["api"] = api.map { .string($0) }
        said["method"] = method.flatMap { $0.isEmpty ? nil : .string($0) }
        said["status"] = status.map { .number(JSONNumber($0)) }
        said["reason"] = reason.map { .string($0) }
        return status == nil && reason == nil ? nil : .object(said)
    }
}
