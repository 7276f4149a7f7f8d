import Testing

@Suite struct BanTests {
    /// Where a banned thing has its place.
    ///
    /// An entry that is needed no longer fails a test below.
    static let allowances: [Allowance] = [
        Allowance(
            ban: "wall clock", path: "Sources/TandemCore/Environment/SystemClock.swift",
            reason: "the seam itself: the machine's clock"),
        Allowance(
            ban: "wall clock", path: "Sources/GoogleEmulator/Embedding/MachineTime.swift",
            reason: "the seam of GoogleEmulator, which does not know TandemCore: the default clock"),
        Allowance(
            ban: "wall clock", path: "Sources/GoogleAPI/Time/MachineTime.swift",
            reason:
                "the seam of GoogleAPI, which does not know TandemCore: the clock of lent clients"),
        Allowance(
            ban: "sleep", path: "Sources/TandemCore/Environment/SystemClock.swift",
            reason: "the seam itself: waiting on the machine's clock"),
        Allowance(
            ban: "chance", path: "Sources/TandemCore/Environment/SystemRandom.swift",
            reason: "the seam itself: the system's source of chance"),
        Allowance(
            ban: "chance", path: "Sources/GoogleAPI/OAuth/PKCE.swift",
            reason: "the seam of GoogleAPI, which does not know TandemCore: bytes for secrets"),
        Allowance(
            ban: "running clock", path: "Sources/WebClient/Gate/WebGate.swift",
            reason: "the seam of WebClient: the default of a clock that is given"),
        Allowance(
            ban: "running clock", path: "Sources/WebClient/Transport/AsyncHTTPTransport.swift",
            reason: "the network's own deadline, which its library reckons by its own clock"),
        Allowance(
            ban: "running clock", path: "Sources/tandem/App/Interruption.swift",
            reason: "how long a person who pressed Ctrl-C is kept waiting by a silent network"),
        Allowance(
            ban: "running clock", path: "Sources/tandem/Output/ProgressReporter.swift",
            reason: "the seam of the progress bar: the default of a clock that is given"),
    ]

    @Test func `product code holds nothing that is banned`() throws {
        let repository = try Repository.here.get()
        var findings: [Finding] = []
        for ban in BanRules.all {
            let places = Set(Self.allowances.filter { $0.ban == ban.name }.map(\.path))
            for file in repository.products where !places.contains(file.path) {
                findings += ban.breaches(in: file)
            }
        }
        expectNone(findings)
    }

    @Test func `every allowance is still needed and says why`() throws {
        let repository = try Repository.here.get()
        for allowance in Self.allowances {
            let ban = try #require(BanRules.all.first { $0.name == allowance.ban })
            let file = repository.products.first { $0.path == allowance.path }
            let breaches = file.map { ban.breaches(in: $0) } ?? []
            #expect(!breaches.isEmpty, "\(allowance.path) needs no leave for '\(allowance.ban)'")
            #expect(allowance.reason.count > 20)
        }
    }

    @Test(arguments: [
        ("try!", "let a = try! read()"),
        ("as!", "let a = b as! String"),
        ("force unwrap", "let a = b!"),
        ("force unwrap", "let a = b().c![0]"),
        ("force unwrap", "let a = \"\\(b!)\""),
        ("force unwrap", "let a = URL(string: \"x\")!.path"),
        ("force unwrap", "let a = b[0]! + 1"),
        ("force unwrap", "var a: String!"),
        ("force unwrap", "let a = b!!"),
        ("force unwrap", "let a = pair.1!"),
        ("force unwrap", "let a = pair.0.1!.count"),
        ("fatalError", "guard let a else { fatalError() }"),
        ("empty catch", "do { try a() } catch {}"),
        ("empty catch", "do { try a() } catch is CancellationError {\n    // Nothing.\n}"),
        ("empty catch", "do { try a() } catch let error as B where error.isC { }"),
        ("unchecked Sendable", "final class A: @unchecked Sendable {}"),
        ("unchecked Sendable", "nonisolated(unsafe) var a = 1"),
        ("wall clock", "let a = Date()"),
        ("wall clock", "let a = Date.now"),
        ("wall clock", "let a = Date(timeIntervalSinceNow: 1)"),
        ("wall clock", "let a: Date = .now"),
        ("wall clock", "let a: Date? = .init()"),
        ("wall clock", "use(since: .now, until: b)"),
        ("wall clock", "let a = b ? .now : c"),
        ("wall clock", "var now: Date { return .now }"),
        ("wall clock", "let a = time(nil)"),
        ("wall clock", "time(&seconds)"),
        ("running clock", "let a = ContinuousClock().now"),
        ("running clock", "let clock: any Clock<Duration> = ContinuousClock.continuous"),
        ("running clock", "let a = NIODeadline.now()"),
        ("running clock", "execute(request, deadline: .now() + .seconds(1))"),
        ("running clock", "let a = ProcessInfo.processInfo.systemUptime"),
        ("sleep", "try await Task.sleep(for: .seconds(1))"),
        ("sleep", "usleep(10)"),
        ("sleep", "Thread.sleep(forTimeInterval: 1)"),
        ("random id", "let a = UUID().uuidString"),
        ("random id", "let a: UUID = .init()"),
        ("chance", "let a = Int.random(in: 0..<9)"),
        ("chance", "var a = SystemRandomNumberGenerator()"),
        ("chance", "let a = b.shuffled()"),
        ("chance", "let a = getrandom(buffer, 16, 0)"),
        ("Foundation's JSON coders", "let a = try JSONDecoder().decode(B.self, from: c)"),
        ("Foundation's JSON coders", "JSONSerialization.jsonObject(with: a)"),
    ])
    func `a banned thing is found`(name: String, text: String) throws {
        let ban = try #require(BanRules.all.first { $0.name == name })
        let file = SwiftFile(path: "Sources/A/A.swift", text: "let before = 1\n" + text)
        let found = ban.breaches(in: file)
        #expect(found.first?.line == 2)
        #expect(!found.isEmpty && found.count <= 2)
    }

    @Test(arguments: [
        "let a = !b && c != d && !(e), f = [!g]",
        "#if !os(Linux)\n#endif",
        "let a = \"try! as! b! fatalError() Date() UUID()\"  // try! Date()",
        "do { try a() } catch { throw B(error) }",
        "do { try a() } catch let error as B where error.isC { count += 1 }",
        "try await clock.sleep(until: a)",
        "func sleep(for duration: Duration) async throws",
        "init(clock: any Clock<Duration> = ContinuousClock()) { self.clock = clock }",
        "func poll(sleep: (Duration) async throws -> Void) async { try await sleep(.zero) }",
        "let a = Int.random(in: 0..<9, using: &generator)",
        "let a = Date(timeIntervalSince1970: b), c = UUID(uuid: d), e = Date.distantPast",
        "let a = try? b()",
        "let a = gate.systemUptime()",
        "let a = b.now, c = environment.now(), d = e?.now, f: Int = world\n    .now",
        "let a = times.time(b), c = try time(d), e = 1 ... 5",
        "infix operator !~",
    ])
    func `what only looks like it is let be`(text: String) {
        let file = SwiftFile(path: "Sources/A/A.swift", text: text)
        let findings = BanRules.all.flatMap { $0.breaches(in: file) }
        expectNone(findings)
    }
}
