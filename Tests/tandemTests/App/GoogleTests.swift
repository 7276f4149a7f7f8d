import Foundation
import GoogleAPI
import LosslessJSON
import TandemCore
import TandemStore
import Testing
import WebClient

@testable import tandem

@Suite struct GoogleTests {
    private struct World {
        let store: Store
        let account: AccountID
        let google: Google
        let grant = OAuthGrant(
            source: .user(client: OAuthClient(id: "c", secret: "s"), refreshToken: "1//old"),
            accessToken: AccessToken(value: "ended", expires: Date(timeIntervalSince1970: 0)))

        // The answer is what the token endpoint says.
        init(_ answer: JSON = ["access_token": "new", "expires_in": 3600]) throws {
            let environment = TandemEnvironment(
                clock: SystemClock(), random: SeededRandom(seed: 1))
            store = try Store.inMemory(rulebook: Rulebook([]), environment: environment)
            account = try store.writeBlocking {
                try $0.accounts.add(name: "ada", provider: "google").id
            }
            let transport = ClosureTransport { _ throws(WebError) in
                WebResponse(status: 200, body: answer.serialized())
            }
            google = Google(
                gate: WebGate(transport: transport),
                endpoints: try GoogleEndpoints(loopback: "http://127.0.0.1:9"),
                environment: environment)
            try keep(grant)
        }

        func keep(_ grant: OAuthGrant) throws {
            try store.writeBlocking {
                try SealedGrant(grant: grant, isLocal: true).keep(for: account, in: $0)
            }
        }

        func kept() throws -> OAuthGrant? {
            try store.readBlocking { try SealedGrant(of: account, in: $0)?.grant }
        }
    }

    @Test func `a renewed grant is kept before it is used, also one with a new refresh token`()
        async throws
    {
        let world = try World([
            "access_token": "new", "expires_in": 0, "refresh_token": "1//new",
        ])
        let tokens = world.google.tokens(of: world.account, grant: world.grant, in: world.store)
        for _ in 1...2 {
            #expect(try await tokens.token().value == "new")
            #expect(try world.kept()?.accessToken?.value == "new")
        }
        guard case .user(_, let refreshToken) = try world.kept()?.source else {
            Issue.record("nothing was kept")
            return
        }
        #expect(refreshToken == "1//new")
    }

    @Test func `a sync that goes on does not sign in again whoever signed out meanwhile`()
        async throws
    {
        let world = try World()
        let tokens = world.google.tokens(of: world.account, grant: world.grant, in: world.store)
        try world.store.writeBlocking { _ = try $0.credentials.wipe(world.account) }
        let error = await #expect(throws: OAuthError.self) { try await tokens.token() }
        #expect(error?.code == .notSaved)
        #expect(try world.kept() == nil)
    }

    @Test func `a sync that goes on does not put the old sign-in in the place of a new one`()
        async throws
    {
        let world = try World()
        let tokens = world.google.tokens(of: world.account, grant: world.grant, in: world.store)
        var other = world.grant
        other.source = .user(client: OAuthClient(id: "c", secret: "s"), refreshToken: "1//other")
        try world.keep(other)
        await #expect(throws: OAuthError.self) { try await tokens.token() }
        #expect(try world.kept() == other)
    }
}
