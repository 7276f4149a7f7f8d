import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Section 7 of the OAuth contract: bearer tokens at the APIs.
@Suite struct BearerTests {
    private let desk = OAuthDesk()
    private let list = "/calendar/v3/users/me/calendarList"

    private func get(_ authorization: String?, query: String = "") -> Answer {
        desk.local.send(
            "GET", list + query,
            headers: authorization.map { [("Authorization", $0)] } ?? [])
    }

    @Test(arguments: ["Bearer nonsense", "Bearer", "Basic ZGVza3RvcDp4", "nonsense", ""])
    func `a bad token is 401 with a challenge`(authorization: String) {
        let answer = get(authorization)
        #expect(answer.status == 401)
        #expect(
            answer.raw.header("WWW-Authenticate")
                == "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"")
        #expect(answer.reason == "authError")
        #expect(answer["error"]?["status"] == "UNAUTHENTICATED")
        #expect(answer["error"]?["errors"]?[0]?["message"] == "Invalid Credentials")
        #expect(answer.location == "Authorization")
    }

    @Test func `no token at all is 403`() {
        let answer = get(nil)
        #expect(answer.status == 403)
        #expect(answer.reason == "forbidden")
        #expect(answer["error"]?["status"] == "PERMISSION_DENIED")
        #expect(answer.message?.hasPrefix("Method doesn't allow unregistered callers") == true)
    }

    @Test func `a token may stand in the query, and the header counts more`() {
        #expect(get(nil, query: "?access_token=token-ada").status == 200)
        #expect(get(nil, query: "?access_token=nonsense").status == 401)
        #expect(get("bearer token-ada", query: "?access_token=nonsense").status == 200)
    }

    @Test func `an access token lives for an hour`() {
        let token = desk.tokens().accessToken
        desk.local.clock.advance(seconds: 3598)
        #expect(desk.me(token).status == 200)
        desk.local.clock.advance(seconds: 1)
        #expect(desk.me(token).status == 401)
    }

    @Test func `a missing scope is named`() {
        let token = desk.tokens([("scope", "email")]).accessToken ?? ""
        let answer = get("Bearer \(token)")
        #expect(answer.status == 403)
        #expect(answer.reason == "insufficientPermissions")
        #expect(answer.message == "Request had insufficient authentication scopes.")
        let challenge = answer.raw.header("WWW-Authenticate") ?? ""
        #expect(challenge.contains("error=\"insufficient_scope\""))
        #expect(challenge.contains(OAuthDesk.calendar))
        #expect(
            answer["error"]?["details"]?[0]?["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    }
}
