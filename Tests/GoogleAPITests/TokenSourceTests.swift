import Foundation
import GoogleAPI
import LosslessJSON
import Synchronization
import Testing
import WebClient

struct TokenSourceTests {
    /// What the source did, and the answers of the world around it.
    private final class World: Sendable {
        struct Memory: Sendable {
            var renewals = 0
            var saved: [String] = []
            var now = Fixtures.now
            var failure: OAuthError?
            var saveFails = false
        }
        let memory = Mutex(Memory())
        /// Opened by the test when a refresh may go on; open from the start by default.
        let gate = Gate()

        func renew(_ grant: OAuthGrant) async throws(OAuthError) -> OAuthGrant {
            let number = memory.withLock { memory in
                memory.renewals += 1
                return memory.renewals
            }
            await gate.pass()
            if let failure = memory.withLock({ $0.failure }) { throw failure }
            var next = grant
            next.accessToken = AccessToken(
                value: "new-\(number)",
                expires: memory.withLock { $0.now }.addingTimeInterval(3599))
            return next
        }

        func save(_ grant: OAuthGrant) throws {
            struct DiskFull: Error {}
            try memory.withLock { memory in
                if memory.saveFails { throw DiskFull() }
                memory.saved.append(grant.accessToken?.value ?? "")
            }
        }

        func source(token: String? = "old", endsIn seconds: Double = 3000) -> TokenSource {
            TokenSource(
                grant: OAuthGrant(
                    source: .user(client: Fixtures.client, refreshToken: "1//r"),
                    accessToken: token.map {
                        AccessToken(
                            value: $0, expires: Fixtures.now.addingTimeInterval(seconds))
                    }),
                now: { self.memory.withLock { $0.now } }, renew: renew(_:),
                save: { grant in try self.save(grant) })
        }
    }

    /// Holds everybody up until it is opened.
    private actor Gate {
        private var isOpen = true
        private var waiting: [CheckedContinuation<Void, Never>] = []
        var waiters: Int { waiting.count }
        func close() { isOpen = false }
        func open() {
            isOpen = true
            for one in waiting { one.resume() }
            waiting = []
        }
        func pass() async {
            guard !isOpen else { return }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    @Test func `a good token is given as it is`() async throws {
        let world = World()
        #expect(try await world.source().token().value == "old")
        #expect(world.memory.withLock { $0.renewals } == 0)
    }

    @Test(arguments: [(226.0, "old"), (225.0, "new-1"), (1.0, "new-1"), (-5.0, "new-1")])
    func `a token is refreshed 225 seconds before its end`(seconds: Double, token: String)
        async throws
    {
        let world = World()
        #expect(try await world.source(endsIn: seconds).token().value == token)
    }

    @Test func `a hundred callers at once cause one refresh`() async throws {
        let world = World()
        let source = world.source(token: nil)
        await world.gate.close()
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 { group.addTask { try await source.token().value } }
            while await world.gate.waiters == 0 { await Task.yield() }
            await world.gate.open()
            for try await token in group { #expect(token == "new-1") }
        }
        #expect(world.memory.withLock { $0.renewals } == 1)
        #expect(world.memory.withLock { $0.saved } == ["new-1"])
    }

    @Test func `a hundred callers refused with one token cause one refresh`() async throws {
        let world = World()
        let source = world.source()
        let refused = try await source.token()
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    do { return try await source.token(replacing: refused).value } catch {
                        return nil
                    }
                }
            }
            for await token in group { #expect(token == "new-1") }
        }
        #expect(world.memory.withLock { $0.renewals } == 1)
        #expect(try await source.token(replacing: refused).value == "new-1")
        #expect(world.memory.withLock { $0.renewals } == 1)
    }

    @Test func `one caller's cancellation does not fail the others`() async throws {
        let world = World()
        let source = world.source(token: nil)
        await world.gate.close()
        let first = Task { try await source.token().value }
        while await world.gate.waiters == 0 { await Task.yield() }
        let second = Task { try await source.token().value }
        first.cancel()
        await world.gate.open()
        #expect(try await second.value == "new-1")
        #expect(world.memory.withLock { $0.renewals } == 1)
    }

    @Test func `a token that cannot be saved is not used`() async throws {
        let world = World()
        world.memory.withLock { $0.saveFails = true }
        let source = world.source(token: nil)
        let error = await #expect(throws: OAuthError.self) { try await source.token() }
        #expect(error?.code == .notSaved)
        #expect(await source.current.accessToken == nil)
        world.memory.withLock { $0.saveFails = false }
        #expect(try await source.token().value == "new-2")
    }

    @Test func `an ending token is still used while Google's sign-in is away`() async throws {
        let world = World()
        world.memory.withLock { $0.failure = OAuthError(code: .network, message: "x") }
        #expect(try await world.source(endsIn: 100).token().value == "old")
        let ended = world.source(endsIn: -1)
        let error = await #expect(throws: OAuthError.self) { try await ended.token() }
        #expect(error?.code == .network)
    }

    @Test func `a dead grant is said at once, even while the token lives`() async throws {
        let world = World()
        world.memory.withLock { $0.failure = OAuthError(code: .invalidGrant, message: "x") }
        let source = world.source(endsIn: 100)
        let error = await #expect(throws: OAuthError.self) { try await source.token() }
        #expect(error?.code == .invalidGrant)
    }

    @Test func `a failed refresh is tried again by the next caller`() async throws {
        let world = World()
        world.memory.withLock { $0.failure = OAuthError(code: .server, message: "x") }
        let source = world.source(token: nil)
        await #expect(throws: OAuthError.self) { try await source.token() }
        world.memory.withLock { $0.failure = nil }
        #expect(try await source.token().value == "new-2")
    }
}

struct GoogleClientTests {
    private let body = "{\"id\":\"x\"}"

    /// A client whose refreshes give a new, numbered token each.
    private func client(
        _ google: ScriptedGoogle, failure: OAuthError? = nil
    ) -> (CalendarAPI, @Sendable () -> Int) {
        let renewals = Counter()
        let tokens = TokenSource(
            grant: OAuthGrant(source: .user(client: Fixtures.client, refreshToken: "1//r")),
            now: { Fixtures.now },
            renew: { grant throws(OAuthError) in
                let number = renewals.next()
                if number > 1, let failure { throw failure }
                var next = grant
                next.accessToken = AccessToken(value: "token-\(number)", expires: nil)
                return next
            }, save: { _ in })
        let client = GoogleClient(
            gate: google.gate, endpoints: .google, tokens: tokens, now: { Fixtures.now })
        return (CalendarAPI(client: client), { renewals.value })
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    @Test func `after a 401 a call is repeated once, with a fresh token`() async throws {
        let google = ScriptedGoogle(answers: [.googleError(401, "authError"), .json(body)])
        let (calendar, renewals) = client(google)
        #expect(try await calendar.getEvent("e", in: "p").json?["id"]?.string == "x")
        #expect(
            google.requests.map { $0.headers["Authorization"] } == [
                "Bearer token-1", "Bearer token-2",
            ])
        #expect(google.requests[0].url == google.requests[1].url)
        #expect(renewals() == 2)
    }

    @Test func `a second 401 is the end`() async throws {
        let google = ScriptedGoogle(answers: [
            .googleError(
                401, "authError", location: "Authorization",
                headers: [("Date", "Sun, 22 Nov 2026 09:31:34 GMT")])
        ])
        let (calendar, renewals) = client(google)
        let error = await #expect(throws: GoogleError.self) {
            try await calendar.deleteEvent("e", in: "p")
        }
        #expect(error?.code == .unauthorized)
        #expect(error?.location == "Authorization")
        #expect(error?.mayHaveBeenApplied == false)
        #expect(error?.message.contains("120 minutes behind") == true)
        #expect(google.requests.count == 2)
        #expect(renewals() == 2)
    }

    @Test func `a 401 that cannot be cured asks for a sign-in`() async throws {
        let google = ScriptedGoogle(answers: [.googleError(401, "authError")])
        let dead = OAuthError(code: .invalidGrant, message: "Sign in again.")
        let (calendar, _) = client(google, failure: dead)
        let error = await #expect(throws: GoogleError.self) {
            try await calendar.getEvent("e", in: "p")
        }
        #expect(error?.code == .signIn)
        #expect((error?.cause as? OAuthError)?.code == .invalidGrant)
        #expect(google.requests.count == 1)
        let (later, _) = client(google, failure: OAuthError(code: .server, message: "x"))
        let transient = await #expect(throws: GoogleError.self) {
            try await later.getEvent("e", in: "p")
        }
        #expect(transient?.code == .signInUnavailable)
    }

    @Test(arguments: [403, 429, 500, 503, 412, 410, 302])
    func `nothing but a 401 is repeated`(status: Int) async throws {
        let google = ScriptedGoogle(answers: [.googleError(status, "rateLimitExceeded")])
        let (calendar, _) = client(google)
        await #expect(throws: GoogleError.self) { try await calendar.getEvent("e", in: "p") }
        #expect(google.requests.count == 1)
    }

    @Test func `a hundred calls refused at once refresh once`() async throws {
        let google = ScriptedGoogle([
            { request in
                .success(
                    request.headers["Authorization"] == "Bearer token-1"
                        ? .googleError(401, "authError") : .json("{\"id\":\"x\"}"))
            }
        ])
        let (calendar, renewals) = client(google)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask { _ = try await calendar.getEvent("e", in: "p") }
            }
            try await group.waitForAll()
        }
        #expect(renewals() == 2)
    }
}

struct RetryPolicyTests {
    private func policy(
        _ naps: Naps = Naps(), attempts: Int = 5, jitter: Double = 0.5
    ) -> RetryPolicy {
        RetryPolicy(
            maxAttempts: attempts, sleep: { duration in naps.note(duration) },
            jitter: { jitter })
    }

    private final class Naps: Sendable {
        private let taken = Mutex<[Duration]>([])
        var all: [Duration] { taken.withLock { $0 } }
        func note(_ duration: Duration) { taken.withLock { $0.append(duration) } }
    }

    private func error(
        _ code: GoogleError.Code, retryAfter: Duration? = nil, isUncertain: Bool = false
    ) -> GoogleError {
        GoogleError(
            code: code, message: "x", retryAfter: retryAfter, mayHaveBeenApplied: isUncertain)
    }

    @Test(arguments: [
        (0, 0.0, 1.0), (0, 1.0, 2.0), (1, 0.5, 2.5), (5, 0.0, 32.0), (6, 0.0, 64.0),
        (6, 1.0, 64.0), (1000, 0.3, 64.0), (-3, 0.0, 1.0), (0, 7.0, 2.0), (0, -7.0, 1.0),
        (0, .nan, 1.0),
    ])
    func `waits double up to 64 seconds, with jitter`(attempt: Int, jitter: Double, seconds: Double)
    {
        #expect(policy(jitter: jitter).wait(afterAttempt: attempt) == .seconds(seconds))
    }

    @Test func `Retry-After is a floor`() {
        #expect(policy().wait(afterAttempt: 0, retryAfter: .seconds(30)) == .seconds(30))
        #expect(policy().wait(afterAttempt: 4, retryAfter: .seconds(1)) == .seconds(16.5))
    }

    @Test func `it tries five times and throws the last failure`() async {
        let naps = Naps()
        let tries = Mutex(0)
        let thrown = await #expect(throws: GoogleError.self) {
            try await policy(naps).run {
                let number = tries.withLock { tries in
                    tries += 1
                    return tries
                }
                throw GoogleError(code: .backend, message: "try \(number)")
            }
        }
        #expect(thrown?.message == "try 5")
        #expect(naps.all == [1.5, 2.5, 4.5, 8.5].map { .seconds($0) })
    }

    @Test(arguments: [
        (GoogleError.Code.rateLimited, true), (.backend, true), (.transport, true),
        (.unreadable, true), (.signInUnavailable, true), (.badRequest, false),
        (.unauthorized, false), (.notFound, false), (.preconditionFailed, false),
        (.quotaExceeded, false), (.dailyLimitExceeded, false), (.fullSyncRequired, false),
        (.invalidCall, false), (.cancelled, false), (.missingPart, true),
        (.unreachable, true), (.untrusted, false),
    ])
    func `only what may pass by itself is tried again`(code: GoogleError.Code, isRetried: Bool) {
        #expect(policy().allowsRetry(of: error(code)) == isRetried)
        #expect(!policy().allowsRetry(of: error(code, isUncertain: true)))
    }

    @Test(arguments: [
        (WebError.Code.closed, false), (.tooLarge, false), (.malformed, false),
        (.connect, true), (.timeout, true), (.cut, true),
    ])
    func `a network failure that no waiting cures is not tried again`(
        code: WebError.Code, isRetried: Bool
    ) {
        let error = GoogleError(
            code: .transport, message: "x", cause: WebError(code: code, message: "y"))
        #expect(policy().allowsRetry(of: error) == isRetried)
    }

    @Test func `a wait longer than allowed is left to the caller`() async {
        let naps = Naps()
        let thrown = await #expect(throws: GoogleError.self) {
            try await policy(naps).run {
                throw error(.rateLimited, retryAfter: .seconds(3600))
            }
        }
        #expect(thrown?.retryAfter == .seconds(3600))
        #expect(naps.all.isEmpty)
    }

    @Test func `success ends it`() async throws {
        let naps = Naps()
        let tries = Mutex(0)
        let value = try await policy(naps).run { () throws -> Int in
            let number = tries.withLock { tries in
                tries += 1
                return tries
            }
            if number < 3 { throw error(.rateLimited) }
            return number
        }
        #expect(value == 3)
        #expect(naps.all.count == 2)
    }
}
