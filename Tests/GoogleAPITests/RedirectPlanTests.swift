import GoogleAPI
import Testing

struct RedirectPlanTests {
    private func client(_ kind: OAuthClient.Kind, _ uris: [String]) -> OAuthClient {
        OAuthClient(id: "c", kind: kind, redirectURIs: uris)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:5/"),
        ("localhost", "127.0.0.1", "http://localhost:5/"),
        ("LocalHost", "127.0.0.1", "http://localhost:5/"), ("::1", "::1", "http://[::1]:5/"),
        ("[::1]", "::1", "http://[::1]:5/"),
    ])
    func `an installed client may use any port of this machine`(
        host: String, bind: String, uri: String
    ) throws {
        let plan = try RedirectPlan(client: client(.installed, ["http://localhost"]), host: host)
        #expect(plan.bindAddress == bind)
        #expect(plan.ports == [0])
        #expect(try plan.redirectURI(port: 5) == uri)
    }

    @Test func `ports are kept in order`() throws {
        let plan = try RedirectPlan(client: client(.installed, []), ports: [8080, 8090])
        #expect(plan.ports == [8080, 8090])
    }

    @Test(arguments: [
        "evil.example", "192.168.0.1", "0.0.0.0", "", "a b", "localhost.evil.example",
        // Of this machine too, but not where we listen: another's program may.
        "127.0.0.2", "127.1.2.3", "127.255.255.254", "127.1", "::2", "::ffff:127.0.0.1",
        "localhost.", "0:0:0:0:0:0:0:1",
    ])
    func `another host is refused unless the client lists it with https`(host: String) {
        let uris = [
            "http://localhost", "http://evil.example/cb", "http://192.168.0.1/",
            "http://127.0.0.2/",
            "https://127.0.0.2/", "http://127.1.2.3:8080/cb",
        ]
        for kind in [OAuthClient.Kind.installed, .web] {
            let error = #expect(throws: OAuthError.self) {
                try RedirectPlan(client: client(kind, uris), host: host)
            }
            #expect(error?.code == .redirectNotAllowed)
        }
    }

    @Test func `a listed https redirect is used exactly and listened for here`() throws {
        let plan = try RedirectPlan(
            client: client(.web, ["https://other.example/", "https://app.example/cb?x=1"]),
            host: "app.example", ports: [9000])
        #expect(plan.bindAddress == "127.0.0.1")
        #expect(plan.ports == [9000])
        #expect(try plan.redirectURI(port: 9000) == "https://app.example/cb?x=1")
    }

    @Test func `a web client uses only the ports that it registered`() throws {
        let client = client(.web, ["http://localhost:8080/cb", "http://localhost:8090/cb"])
        let plan = try RedirectPlan(client: client, host: "localhost")
        #expect(plan.ports == [8080, 8090])
        #expect(try plan.redirectURI(port: 8090) == "http://localhost:8090/cb")
        #expect(throws: OAuthError.self) { try plan.redirectURI(port: 1) }
        #expect(throws: OAuthError.self) { try RedirectPlan(client: client) }
    }
}
