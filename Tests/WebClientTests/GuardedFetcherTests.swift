import Synchronization
import Testing
import WebClient

struct IPAddressTests {
    @Test(
        arguments: [
            [0, 0, 0, 0], [10, 1, 2, 3], [100, 64, 0, 1], [100, 127, 255, 255], [127, 0, 0, 1],
            [127, 255, 0, 1], [169, 254, 169, 254], [172, 16, 0, 1], [172, 31, 255, 255],
            [192, 0, 0, 1], [192, 0, 2, 1], [192, 88, 99, 1], [192, 168, 0, 1], [198, 18, 0, 1],
            [198, 19, 255, 255], [198, 51, 100, 7], [203, 0, 113, 7], [224, 0, 0, 1],
            [240, 0, 0, 1],
            [255, 255, 255, 255],
        ] as [[UInt8]])
    func `special IPv4 addresses are not public`(bytes: [UInt8]) throws {
        #expect(try #require(IPAddress(bytes: bytes)).isPublic == false)
    }

    @Test(
        arguments: [
            [8, 8, 8, 8], [100, 63, 255, 255], [100, 128, 0, 0], [172, 15, 255, 255],
            [172, 32, 0, 0],
            [192, 167, 0, 1], [192, 169, 0, 1], [198, 17, 0, 1], [198, 20, 0, 1],
            [223, 255, 255, 1],
            [126, 0, 0, 1], [128, 0, 0, 1], [1, 1, 1, 1],
        ] as [[UInt8]])
    func `their neighbours are`(bytes: [UInt8]) throws {
        #expect(try #require(IPAddress(bytes: bytes)).isPublic)
    }

    /// Fills up to sixteen bytes: the given ones in front, the given ones behind.
    private func six(_ front: [UInt8], _ back: [UInt8] = [1]) throws -> IPAddress {
        let middle = [UInt8](repeating: 0, count: 16 - front.count - back.count)
        return try #require(IPAddress(bytes: front + middle + back))
    }

    @Test(
        arguments: [
            ([], [0]), ([], [1]), ([], [0xFF, 0xFF, 127, 0, 0, 1]), ([], [0xFF, 0xFF, 8, 8, 8, 8]),
            ([0, 0x64, 0xFF, 0x9B], [8, 8, 8, 8]), ([0xFC, 0], [1]), ([0xFD, 0x12], [1]),
            ([0xFE, 0x80], [1]), ([0xFE, 0xC0], [1]), ([0xFF, 0x02], [1]),
            ([0x20, 0x01, 0x0D, 0xB8], [1]),
            ([0x20, 0x01, 0, 0], [1]), ([0x20, 0x02, 127, 0, 0, 1], [1]), ([0x01, 0x00], [1]),
            ([0x3F, 0xFF, 0x01], [1]), ([0x40, 0], [1]),
        ] as [([UInt8], [UInt8])])
    func `special IPv6 addresses are not public`(front: [UInt8], back: [UInt8]) throws {
        #expect(try six(front, back).isPublic == false)
    }

    @Test(
        arguments: [
            [0x2A, 0x00, 0x14, 0x50], [0x26, 0x06, 0x47, 0x00], [0x20, 0x01, 0x48, 0x60],
            [0x20, 0x01, 0x0D, 0xB9],
        ] as [[UInt8]])
    func `ordinary IPv6 addresses are`(front: [UInt8]) throws {
        #expect(try six(front).isPublic)
    }

    @Test(arguments: [0, 3, 5, 15, 17])
    func `any other number of bytes is no address`(count: Int) {
        #expect(IPAddress(bytes: [UInt8](repeating: 8, count: count)) == nil)
    }
}

struct GuardedFetcherTests {
    /// A world of names and pages, and what was connected to.
    private final class World: Sendable {
        let visits = Mutex<[String]>([])
        let lookUps = Mutex<[String]>([])
        let names: [String: [[UInt8]]]
        let pages: [String: WebResponse]

        init(names: [String: [[UInt8]]], pages: [String: WebResponse]) {
            self.names = names
            self.pages = pages
        }

        func resolve(_ host: String) throws(WebError) -> [IPAddress] {
            lookUps.withLock { $0.append(host) }
            return (names[host] ?? [[8, 8, 8, 8]]).compactMap(IPAddress.init(bytes:))
        }

        func send(_ request: WebRequest, _ address: IPAddress) throws(WebError) -> WebResponse {
            visits.withLock { $0.append("\(request.url.text) at \(address)") }
            guard let page = pages[request.url.text] else {
                throw WebError(code: .connect, message: "no such page")
            }
            return page
        }

        var fetcher: GuardedFetcher {
            GuardedFetcher(
                product: "Test",
                resolve: { host, _ throws(WebError) in try self.resolve(host) },
                send: { request, address throws(WebError) in try self.send(request, address) },
                uptime: { .zero })
        }
    }

    private func redirect(to location: String, status: Int = 302) -> WebResponse {
        WebResponse(status: status, headers: ["Location": location])
    }

    @Test func `a public page is fetched from the address that was checked`() async throws {
        let world = World(
            names: ["a.example": [[93, 184, 216, 34]]],
            pages: ["https://a.example/feed": WebResponse(status: 200, body: [1])])
        let result = try await world.fetcher.fetch(try WebURL("https://a.example/feed"))
        #expect(result.response.body == [1])
        #expect(world.visits.withLock { $0 } == ["https://a.example/feed at 93.184.216.34"])
    }

    @Test(
        arguments: [
            [[127, 0, 0, 1]], [[10, 0, 0, 1]], [[169, 254, 169, 254]], [],
            [[8, 8, 8, 8], [127, 0, 0, 1]], [[192, 168, 1, 1], [8, 8, 8, 8]],
            [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1]],
        ] as [[[UInt8]]])
    func `a name that leads inside is never connected to`(addresses: [[UInt8]]) async throws {
        let world = World(names: ["a.example": addresses], pages: [:])
        let url = try WebURL("https://a.example/")
        let error = await #expect(throws: WebError.self) { try await world.fetcher.fetch(url) }
        #expect(error?.code == .forbiddenAddress)
        #expect(world.visits.withLock { $0 }.isEmpty)
    }

    @Test func `each redirect is checked again, a rebound name among them`() async throws {
        let world = World(
            names: ["inside.example": [[10, 0, 0, 1]]],
            pages: [
                "https://a.example/": redirect(to: "https://b.example/x", status: 301),
                "https://b.example/x": redirect(to: "https://inside.example/"),
            ])
        let url = try WebURL("https://a.example/")
        let error = await #expect(throws: WebError.self) { try await world.fetcher.fetch(url) }
        #expect(error?.code == .forbiddenAddress)
        #expect(world.lookUps.withLock { $0 } == ["a.example", "b.example", "inside.example"])
        #expect(world.visits.withLock { $0 }.count == 2)
    }

    @Test(arguments: ["http://a.example/y", "http://127.0.0.1/", "//a.example:80/../x"])
    func `a redirect to plain http is not followed`(location: String) async throws {
        let world = World(
            names: [:], pages: ["https://a.example/": redirect(to: location)])
        let url = try WebURL("https://a.example/")
        let error = await #expect(throws: WebError.self) { try await world.fetcher.fetch(url) }
        #expect(error?.code == .insecure || error?.code == .connect)
        #expect(world.visits.withLock { $0 }.count <= 2)
        #expect(!world.visits.withLock { $0 }.contains { $0.hasPrefix("http://") })
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://x/", "javascript:x", "https://u:p@x/", "https://",
    ])
    func `a redirect to anything else is an error`(location: String) async throws {
        let world = World(names: [:], pages: ["https://a.example/": redirect(to: location)])
        let url = try WebURL("https://a.example/")
        let error = await #expect(throws: WebError.self) { try await world.fetcher.fetch(url) }
        #expect(error?.code == .malformed)
    }

    @Test func `five redirects are followed, not six`() async throws {
        var pages: [String: WebResponse] = [:]
        for number in 0..<6 {
            pages["https://a.example/\(number)"] = redirect(to: "/\(number + 1)")
        }
        pages["https://a.example/6"] = WebResponse(status: 200)
        let world = World(names: [:], pages: pages)
        let late = try WebURL("https://a.example/1")
        #expect(try await world.fetcher.fetch(late).url.path == "/6")
        let early = try WebURL("https://a.example/0")
        let error = await #expect(throws: WebError.self) { try await world.fetcher.fetch(early) }
        #expect(error?.code == .tooManyRedirects)
    }

    @Test func `secrets do not follow a redirect to another origin`() async throws {
        let seen = Mutex<[WebRequest]>([])
        let fetcher = GuardedFetcher(
            resolve: { _, _ throws(WebError) in [IPAddress(bytes: [8, 8, 8, 8])].compactMap { $0 }
            },
            send: { request, _ throws(WebError) in
                seen.withLock { $0.append(request) }
                return request.url.host == "a.example"
                    ? WebResponse(status: 302, headers: ["Location": "https://b.example/"])
                    : WebResponse(status: 200)
            }, uptime: { .zero })
        _ = try await fetcher.fetch(
            try WebURL("https://a.example/"),
            headers: ["Authorization": "Bearer x", "Cookie": "y", "Accept": "text/calendar"])
        let requests = seen.withLock { $0 }
        #expect(requests.map { $0.headers["Authorization"] } == ["Bearer x", nil])
        #expect(requests.map { $0.headers["Cookie"] } == ["y", nil])
        #expect(requests.map { $0.headers["Accept"] } == ["text/calendar", "text/calendar"])
    }

    @Test func `all hops share one deadline`() async throws {
        let clock = Mutex(Duration.zero)
        let fetcher = GuardedFetcher(
            resolve: { _, _ throws(WebError) in [IPAddress(bytes: [8, 8, 8, 8])].compactMap { $0 }
            },
            send: { request, _ throws(WebError) in
                clock.withLock { $0 += .seconds(25) }
                #expect(request.timeout <= .seconds(60))
                return WebResponse(status: 302, headers: ["Location": "/x"])
            }, uptime: { clock.withLock { $0 } })
        let url = try WebURL("https://a.example/")
        let error = await #expect(throws: WebError.self) { try await fetcher.fetch(url) }
        #expect(error?.code == .timeout)
        #expect(clock.withLock { $0 } == .seconds(75))
    }

    @Test func `looking up names belongs to the deadline`() async throws {
        let clock = Mutex(Duration.zero)
        let seen = Mutex<[Duration]>([])
        let fetcher = GuardedFetcher(
            resolve: { _, left throws(WebError) in
                seen.withLock { $0.append(left) }
                clock.withLock { $0 += .seconds(20) }
                return [IPAddress(bytes: [8, 8, 8, 8])].compactMap { $0 }
            },
            send: { request, _ throws(WebError) in
                seen.withLock { $0.append(request.timeout) }
                clock.withLock { $0 += .seconds(5) }
                return WebResponse(status: 302, headers: ["Location": "/x"])
            }, uptime: { clock.withLock { $0 } })
        let url = try WebURL("https://a.example/")
        let error = await #expect(throws: WebError.self) { try await fetcher.fetch(url) }
        #expect(error?.code == .timeout)
        // The third look-up uses up what was left, so that nothing is sent behind it.
        #expect(seen.withLock { $0 } == [60, 40, 35, 15, 10].map { .seconds($0) })
    }

    /// Spellings of this machine; each resolves to it, or to nothing at all.
    @Test(arguments: [
        "127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f000001", "0177.0.0.1",
        "127.0.1", "0.0.0.0", "0", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "127.0.0.1.",
        "localhost.", "LOCALHOST", "0x7f.1", "017700000001", "127.255.255.254", "[0:0:0:0:0:0:0:1]",
    ])
    func `no spelling of this machine reaches a listener on it`(host: String) async throws {
        try await TinyServer.withServer([.answer([])]) { server, port in
            let url = try WebURL("https://\(host):\(port)/")
            let error = await #expect(throws: WebError.self) {
                try await GuardedFetcher().fetch(url, timeout: .seconds(5))
            }
            #expect(error?.code == .forbiddenAddress || error?.code == .connect)
            #expect(server.requests.isEmpty)
        }
    }

    /// Ways to write an address inside: of this machine, private, shared, local to a link, or carried
    /// by another one.
    static let spellings = [
        // Decimal, octal, hexadecimal, short.
        "2130706433", "2886729729", "3232235521", "2852039166", "1681915905", "0",
        "0177.0.0.1", "017700000001", "0300.0250.0.1", "0251.0376.0251.0376",
        "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0xA9FEA9FE", "0xac.0x10.0x0.0x1",
        "127.1", "127.0.1", "10.1", "192.168.257", "172.16.1", "127.255.255.254", "0.0.0.0",
        "255.255.255.255", "224.0.0.1", "198.18.0.1",
        // Mapped, compatible, translated (RFC 6052, RFC 8215), 6to4, Teredo.
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]",
        "[0:0:0:0:0:ffff:7f00:0001]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
        "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::169.254.169.254]",
        "[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:a9fe:a9fe::]", "[2001:0:7f00:1::]",
        // Shared, local to a link or a site, with a zone.
        "100.64.0.1", "100.127.255.254", "169.254.169.254", "[fe80::1]", "[febf::1]", "[fec0::1]",
        "[fe80::1%25lo]", "[fe80::1%25eth0]", "[fe80::1%lo]", "[fd00::1]", "[fd00:ec2::254]",
        "[::1]", "[::]", "[0000:0000:0000:0000:0000:0000:0000:0001]",
        // A dot at the end, digits of other scripts, escapes.
        "localhost", "LocalHost", "[::1].", "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1",
        "١٢٧.0.0.1", "%31%32%37.0.0.1", "127%2e0.0.1", "127.0.0.1%00.example.com",
        // User names and ports.
        "8.8.8.8@127.0.0.1", "public.example:443@127.0.0.1", "127.0.0.1\\@8.8.8.8",
        "8.8.8.8%40127.0.0.1", ":@127.0.0.1", "127.0.0.1:443", "127.0.0.1:8443", "[::1]:443",
        "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:443:443", "127.0.0.1:", "[::1",
    ]

    @Test(arguments: spellings)
    func `no spelling of an address inside is connected to, asked for or redirected to`(
        host: String
    ) async throws {
        let visits = Mutex<[String]>([])
        let fetcher = GuardedFetcher(
            resolve: { host, left throws(WebError) in
                // Numbers are read by the system, as they would be; no name server is asked.
                host == "a.example"
                    ? [IPAddress(bytes: [8, 8, 8, 8])].compactMap { $0 }
                    : try await SystemResolver.addresses(of: host, within: left)
            },
            send: { request, address throws(WebError) in
                visits.withLock { $0.append(address.description) }
                return request.url.host == "a.example"
                    ? WebResponse(status: 302, headers: ["Location": "https://\(host)/"])
                    : WebResponse(status: 200)
            })
        let refusals: [WebError.Code?] = [.forbiddenAddress, .malformed]
        let asked = await #expect(throws: WebError.self) {
            try await fetcher.fetch(try WebURL("https://\(host)/"))
        }
        #expect(refusals.contains(asked?.code), "\(asked?.message ?? "")")
        #expect(visits.withLock { $0 }.isEmpty)
        let redirected = await #expect(throws: WebError.self) {
            try await fetcher.fetch(try WebURL("https://a.example/"))
        }
        #expect(refusals.contains(redirected?.code))
        #expect(visits.withLock { $0 } == ["8.8.8.8"])
    }

    @Test func `a pinned request goes to the address given, whatever the name`() async throws {
        let page = Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".utf8)
        try await TinyServer.withServer([.answer(page)]) { server, port in
            let loopback = try #require(IPAddress(bytes: [127, 0, 0, 1]))
            let request = WebRequest(url: try WebURL("http://no-such-host.invalid:\(port)/p"))
            let response = try await AsyncHTTPTransport.send(request, pinnedTo: loopback)
            #expect(response.status == 200)
            #expect(
                server.requests.first?.lowercased().contains("host: no-such-host.invalid") == true)
        }
    }

    @Test(arguments: [
        ("https://b/c", "https://b/c"), ("//b/c", "https://b/c"), ("/c?d", "https://a/c?d"),
        ("c", "https://a/x/c"), ("?q", "https://a/x/y?q"), ("", "https://a/x/y?z"),
        ("../c", "https://a/c"), ("../../../c", "https://a/c"), ("./c/./d/..", "https://a/x/c/"),
        ("c#f", "https://a/x/c"), ("/a/b/../", "https://a/a/"), (".", "https://a/x/"),
    ])
    func `references are resolved as RFC 3986 says`(reference: String, result: String) throws {
        #expect(try WebURL("https://a/x/y?z").resolving(reference).text == result)
    }
}
