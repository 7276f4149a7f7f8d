import GoogleAPI
import Synchronization
import Testing
import WebClient

struct DeviceFlowTests {
    private static let begun = """
        {"device_code":"AH-1Ngcanary","user_code":"GQVQ-JKEC",\
        "verification_url":"https://www.google.com/device","expires_in":1800,"interval":5}
        """

    /// Runs a device sign-in whose polls are answered so.
    private func run(
        _ polls: [WebResponse], begun: WebResponse = .json(begun)
    ) async throws -> (
        grant: Result<OAuthGrant, any Error>, naps: [Duration], google: ScriptedGoogle
    ) {
        let google = ScriptedGoogle(answers: [begun] + polls)
        let naps = Mutex<[Duration]>([])
        let signIn = SignIn(
            oauth: google.oauth, client: Fixtures.client, scopes: ["openid", "email"])
        let grant: Result<OAuthGrant, any Error>
        do {
            grant = .success(
                try await signIn.byDevice(
                    show: { device in
                        #expect(device.userCode == "GQVQ-JKEC")
                        #expect(!texts(of: device).contains { $0.contains("canary") })
                    }, sleep: { duration in naps.withLock { $0.append(duration) } }))
        } catch { grant = .failure(error) }
        return (grant, naps.withLock { $0 }, google)
    }

    private func refusal(_ status: Int, _ error: String) -> WebResponse {
        .json("{\"error\":\"\(error)\"}", status: status)
    }

    @Test func `it asks until the person has decided, slower when told so`() async throws {
        let result = try await run([
            refusal(428, "authorization_pending"), refusal(403, "slow_down"),
            refusal(400, "authorization_pending"), WebResponse(status: 503),
            .json("{\"access_token\":\"x\",\"refresh_token\":\"r\",\"expires_in\":1}"),
        ])
        #expect(try result.grant.get().accessToken?.value == "x")
        #expect(result.naps == [5, 5, 10, 10, 20].map { .seconds($0) })
        let begin = result.google.requests[0]
        #expect(begin.url.text == "https://oauth2.googleapis.com/device/code")
        #expect(
            begin.form == ["client_id=123-abc.apps.googleusercontent.com", "scope=openid email"])
        #expect(
            result.google.requests[1].form.prefix(2) == [
                "grant_type=urn:ietf:params:oauth:grant-type:device_code",
                "device_code=AH-1Ngcanary",
            ])
    }

    @Test(arguments: [
        (403, "access_denied", OAuthError.Code.accessDenied), (400, "expired_token", .expired),
        (400, "invalid_grant", .invalidGrant), (401, "invalid_client", .invalidClient),
    ])
    func `a refusal ends it`(status: Int, error: String, code: OAuthError.Code) async throws {
        let result = try await run([refusal(status, error)])
        #expect((result.grant.failure as? OAuthError)?.code == code)
        #expect(result.google.requests.count == 2)
    }

    @Test func `it gives up when the code has expired`() async throws {
        let short = Self.begun.replacing("1800", with: "12")
        let result = try await run(
            [refusal(428, "authorization_pending")], begun: .json(short))
        #expect((result.grant.failure as? OAuthError)?.code == .expired)
        #expect(result.naps.count == 3)
    }

    @Test(arguments: [
        (400, "{\"error\":\"invalid_scope\"}", OAuthError.Code.invalidScope),
        (403, "{\"error_code\":\"rate_limit_exceeded\"}", .rateLimited),
        (200, "{}", .unreadable), (200, "x", .unreadable),
        (
            200,
            "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_url\":\"javascript:alert(1)\"}",
            .unreadable
        ),
    ])
    func `what cannot begin says why`(status: Int, body: String, code: OAuthError.Code) async throws
    {
        let result = try await run([], begun: .json(body, status: status))
        #expect((result.grant.failure as? OAuthError)?.code == code)
        #expect(result.naps.isEmpty)
    }

    @Test func `the standard's spelling of the page's address is read, too`() async throws {
        let standard = Self.begun.replacing("verification_url", with: "verification_uri")
        let result = try await run(
            [.json("{\"access_token\":\"x\",\"refresh_token\":\"r\"}")], begun: .json(standard))
        #expect(try result.grant.get().source != .bearerOnly)
    }
}
