import GoogleAPI
import LosslessJSON
import TandemCore
import TandemFormats
import TandemStore
import TandemSync
import Testing
import WebClient

@testable import tandem

@Suite struct FailureTests {
    @Test func `every kind of failure has its exit code`() {
        let expected: [(any Error, ExitReason)] = [
            (TandemError(.invalid, "x"), .usage), (TandemError(.ambiguous, "x"), .usage),
            (TandemError(.notFound, "x"), .notFound), (TandemError(.denied, "x"), .denied),
            (TandemError(.unknownKind, "x"), .configuration),
            (TandemError(.internalInconsistency, "x"), .other),
            (StoreError(.full, "x"), .other), (StoreError(.newer, "x"), .configuration),
            (StoreError(.notAStore, "x"), .configuration),
            (StoreError(.corrupt, "x"), .configuration),
            (StoreError(.unsafeFile, "x"), .configuration),
            (StoreError(.sealed, "x"), .signInNeeded), (StoreError(.notFound, "x"), .notFound),
            (SyncError(.busy, "x"), .busy), (SyncError(.leaseLost, "x"), .busy),
            (OAuthError(code: .invalidGrant, message: "x"), .signInNeeded),
            (OAuthError(code: .invalidClient, message: "x"), .configuration),
            (OAuthError(code: .badFile, message: "x"), .configuration),
            (OAuthError(code: .network, message: "x"), .temporary),
            (OAuthError(code: .rateLimited, message: "x"), .rateLimited),
            (OAuthError(code: .accessDenied, message: "x"), .denied),
            (OAuthError(code: .cancelled, message: "x"), .interrupted),
            (GoogleError(code: .unauthorized, message: "x"), .signInNeeded),
            (GoogleError(code: .insufficientScope, message: "x"), .signInNeeded),
            (GoogleError(code: .rateLimited, message: "x"), .rateLimited),
            (GoogleError(code: .quotaExceeded, message: "x"), .rateLimited),
            (GoogleError(code: .backend, message: "x"), .temporary),
            (GoogleError(code: .forbidden, message: "x"), .denied),
            (GoogleError(code: .notFound, message: "x"), .notFound),
            (WebError(code: .connect, message: "x"), .temporary),
            (WebError(code: .cancelled, message: "x"), .interrupted),
            (FormatError(code: .zone, message: "x"), .usage),
            (CancellationError(), .interrupted),
        ]
        for (error, exit) in expected {
            let failure = CommandFailure(describing: error)
            #expect(failure.exit == exit, "\(error)")
            #expect(!failure.code.isEmpty && !failure.message.isEmpty)
        }
    }

    @Test func `a refused sign-in below a call is what counts`() {
        let failure = CommandFailure(
            describing: GoogleError(
                code: .signIn, message: "x",
                cause: OAuthError(
                    code: .invalidGrant, message: "revoked", error: "invalid_grant", status: 400)))
        #expect(failure.code == "auth.invalidGrant")
        #expect(failure.remedy == "tandem auth login")
        #expect(failure.google?["reason"] == "invalid_grant")
    }

    @Test func `programs read code, message and remedy`() {
        var failure = CommandFailure(.notFound, "There is no \u{1B}x.", remedy: "tandem log")
        #expect(
            failure.json == [
                "error": [
                    "code": "notFound", "message": "There is no \u{1B}x.", "remedy": "tandem log",
                ]
            ])
        failure.google = ["status": 404]
        #expect(failure.json["error"]?["google"]?["status"] == 404)
        #expect(failure.lines(.plain) == ["tandem: There is no x.", "  tandem log"])
    }

    @Test func `exit codes are those of the contract, each with a name and a sentence`() {
        #expect(
            ExitReason.allCases.map(\.rawValue) == [
                0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 64, 130,
            ])
        #expect(Set(ExitReason.allCases.map(\.name)).count == ExitReason.allCases.count)
        #expect(
            ExitReason.allCases.allSatisfy { $0.meaning.hasSuffix(".") || $0.meaning.contains(":") }
        )
    }
}

@Suite struct IdentityTests {
    private func account(subject: String?, email: String?) throws -> Account {
        let store = try Store.inMemory(
            rulebook: Rulebook([]),
            environment: TandemEnvironment(clock: SystemClock(), random: SeededRandom(seed: 1)))
        return try store.writeBlocking {
            try $0.accounts.add(
                name: "a", provider: "google", email: email, subject: subject)
        }
    }

    @Test func `the stable name decides, never the address alone`() throws {
        let identity = SignedInIdentity(subject: "1", email: "ada@example.com")
        #expect(identity.fits(try account(subject: "1", email: "old@example.com")))
        #expect(!identity.fits(try account(subject: "2", email: "ada2@example.com")))
        #expect(identity.fits(try account(subject: nil, email: nil)))
    }

    @Test func `an account known by its primary calendar is the same person's later`() throws {
        let identity = SignedInIdentity(subject: "1", email: "Ada@example.com")
        #expect(
            identity.fits(
                try account(subject: "ada@example.com", email: "ada@example.com")))
        #expect(
            !identity.fits(
                try account(subject: "bob@example.com", email: "bob@example.com")))
    }
}
