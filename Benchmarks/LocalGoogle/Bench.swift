import GoogleEmulator
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// Measures the local Google beside a bare Hummingbird route, and small stores beside large ones.
///
/// `LocalGoogleLoad [--seconds 2] [--rounds 5] [--connections 8] [--small 1000] [--large 100000]`
/// prints one line of JSON: rates as answers a second, costs as microseconds, each the median of
/// the rounds, ours and the other's in turns.
@main
struct Bench {
    static let token = "benchmark-access-token"
    private static let user = "ada@example.com"
    private static let moment: Int64 = 1_794_211_200_000

    private let seconds: Double
    private let rounds: Int
    private let connections: Int
    private let small: Int
    private let large: Int

    init(_ arguments: [String]) throws {
        var values: [String: Double] = [:]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst().flatMap(Double.init), value > 0
            else { throw UsageError(argument: name) }
            values[String(name.dropFirst(2))] = value
        }
        let known = ["seconds", "rounds", "connections", "small", "large"]
        if let stranger = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw UsageError(argument: "--" + stranger)
        }
        seconds = values["seconds"] ?? 2
        rounds = Int(values["rounds"] ?? 5)
        connections = Int(values["connections"] ?? 8)
        small = Int(values["small"] ?? 1000)
        large = Int(values["large"] ?? 100_000)
    }

    static func main() async throws {
        let bench = try Bench(Array(CommandLine.arguments.dropFirst()))
        let rates = try await bench.rates()
        let costs = try bench.costs()
        print(
            "{\"rates\":{\(rates.joined(separator: ","))},\"costs\":{\(costs.joined(separator: ","))}}"
        )
    }

    // MARK: Rates

    private static func google(_ events: Int) -> LocalGoogle {
        var configuration = LocalGoogleConfiguration(
            users: [user], tokens: [.init(email: user, token: token)])
        configuration.content = .generated(
            GeneratedContent(seed: 1, events: events, seriesPercent: 0))
        return LocalGoogle(configuration: configuration, now: { moment }, seed: 1)
    }

    /// What is asked for, and the name under which it is reported.
    private static func works(_ google: LocalGoogle) throws -> [(name: String, path: String)] {
        let list = Core.list
        let page = try Core(google).text("GET", list + "?maxResults=1")
        let id = try page.word("id", after: "\"items\"")
        return [
            ("get", "\(list)/\(id)"), ("getCompact", "\(list)/\(id)?prettyPrint=false"),
            ("list", "\(list)?maxResults=250"),
            ("listCompact", "\(list)?maxResults=250&prettyPrint=false"),
        ]
    }

    private func rates() async throws -> [String] {
        let google = Self.google(2500)
        let works = try Self.works(google)
        let bodies = try works.map { work in
            (work.name, ByteBuffer(bytes: try Core(google).answer("GET", work.path).body))
        }
        let servers = Servers()
        return try await servers.run(google, bodies) { ours, bare in
            // The clients have a thread of their own, beside those of the servers.
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let load = Load(connections: connections, seconds: seconds, group: group)
            var lines: [String] = []
            for work in works {
                _ = try await load.rate(port: ours, path: work.path)
                var rates: (ours: [Double], bare: [Double]) = ([], [])
                for round in 0..<rounds {
                    if round % 2 == 0 {
                        rates.ours.append(try await load.rate(port: ours, path: work.path))
                    }
                    rates.bare.append(try await load.rate(port: bare, path: "/" + work.name))
                    if round % 2 == 1 {
                        rates.ours.append(try await load.rate(port: ours, path: work.path))
                    }
                }
                lines.append(Self.line(work.name, "ours", rates.ours, "bare", rates.bare))
            }
            try await group.shutdownGracefully()
            return lines
        }
    }

    // MARK: Costs

    /// What one write and one delta cost without a network, in a small store and in a large one.
    private func costs() throws -> [String] {
        var stores = try [small, large].map { try TimedStore(Self.google($0)) }
        var spent: [String: [[Double]]] = [:]
        // The first round only warms up.
        for number in 0...(rounds * 4) {
            for place in stores.indices {
                let costs = try stores[place].round(number)
                for (name, value) in costs where number > 0 {
                    spent[name, default: [[], []]][place].append(value)
                }
            }
        }
        return spent.keys.sorted().map { name in
            let both = spent[name] ?? [[], []]
            return Self.line(name, "small", both[0], "large", both[1])
        }
    }

    private static func line(
        _ name: String, _ first: String, _ a: [Double], _ second: String, _ b: [Double]
    ) -> String {
        "\"\(name)\":{\"\(first)\":\(median(a)),\"\(second)\":\(median(b))}"
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// An argument that cannot be used.
struct UsageError: Error {
    let argument: String
}

/// Our server and the bare one, each on a free port.
struct Servers {
    private var quiet: Logger {
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        return logger
    }

    /// Serves both for as long as the body takes.
    func run(
        _ google: LocalGoogle, _ bodies: [(String, ByteBuffer)],
        _ body: @escaping @Sendable (Int, Int) async throws -> [String]
    ) async throws -> [String] {
        let (ours, oursReady) = AsyncStream.makeStream(of: Int.self)
        let (bares, bareReady) = AsyncStream.makeStream(of: Int.self)
        let server = LocalGoogleServer(google: google, logger: quiet) { oursReady.yield($0) }
        let bare = Self.bare(bodies, quiet) { bareReady.yield($0) }
        return try await withThrowingTaskGroup(of: [String]?.self) { tasks in
            tasks.addTask {
                try await server.run()
                return nil
            }
            tasks.addTask {
                try await bare.run()
                return nil
            }
            tasks.addTask {
                var oursPorts = ours.makeAsyncIterator()
                var barePorts = bares.makeAsyncIterator()
                guard let one = await oursPorts.next(), let other = await barePorts.next() else {
                    throw LoadFailure.closed
                }
                return try await body(one, other)
            }
            while let lines = try await tasks.next() {
                guard let lines else { continue }
                tasks.cancelAll()
                return lines
            }
            throw LoadFailure.closed
        }
    }

    /// Routes that know nothing but the bytes that they answer.
    private static func bare(
        _ bodies: [(String, ByteBuffer)], _ logger: Logger,
        _ onReady: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        let router = Router(context: BasicRequestContext.self)
        for (name, bytes) in bodies {
            router.get(RouterPath(name)) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/json; charset=UTF-8"],
                    body: ResponseBody(byteBuffer: bytes))
            }
        }
        return Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in onReady(channel.localAddress?.port ?? 0) },
            logger: logger)
    }
}
