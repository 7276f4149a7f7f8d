import LosslessJSON
import Testing

@testable import GoogleEmulator

/// Signing users in by a command.
@Suite struct SignInTests {
    private let local = Local()

    private func calendars(_ answer: Answer) -> Answer {
        local.send(
            "GET", "/calendar/v3/users/me/calendarList",
            headers: [("Authorization", "Bearer \(answer["accessToken"]?.string ?? "")")])
    }

    private func refresh(_ answer: Answer) -> Answer {
        let client = LocalGoogleConfiguration.Client.tandemLocal
        return local.post(
            "/token",
            [
                ("grant_type", "refresh_token"), ("client_id", client.id),
                ("client_secret", client.secret),
                ("refresh_token", answer["refreshToken"]?.string ?? ""),
            ])
    }

    @Test func `both tokens are good for what the answer says`() {
        let answer = local.control("POST", "tokens", ["user": "Grace@example.com"])
        #expect(answer.status == 200)
        #expect(calendars(answer).items.first?["id"] == "grace@example.com")
        let scopes = answer["scopes"]?.array?.compactMap(\.string) ?? []
        #expect(scopes.contains("https://www.googleapis.com/auth/calendar"))
        #expect(refresh(answer)["scope"]?.string == scopes.joined(separator: " "))
    }

    @Test func `the first user signs in where none is named`() {
        let answer = local.control("POST", "tokens")
        #expect(calendars(answer).items.first?["id"] == "ada@example.com")
    }

    @Test func `no fault hits it and no request is counted`() throws {
        try local.google.addFault(.init(times: 2, status: 503))
        #expect(local.control("POST", "tokens").status == 200)
        #expect(local.google.requests.isEmpty)
        #expect(local.control("GET", "faults").items.first?["seen"] == 0)
    }

    @Test func `what switches withhold or block is not granted`() {
        let calendar = "https://www.googleapis.com/auth/calendar"
        let drive = "https://www.googleapis.com/auth/drive"
        local.google.switches.withheldScopes = [calendar]
        local.google.switches.blockedScopes = [drive]
        let answer = local.control("POST", "tokens")
        let scopes = answer["scopes"]?.array?.compactMap(\.string) ?? []
        #expect(!scopes.isEmpty && !scopes.contains(calendar) && !scopes.contains(drive))
        #expect(calendars(answer).status == 403)
        #expect(refresh(answer).status == 200)
        local.google.switches.withheldScopes = Set(scopes + [calendar])
        #expect(local.control("POST", "tokens").status == 400)
    }

    @Test func `who is not there cannot sign in`() {
        #expect(local.control("POST", "tokens", ["user": "nobody@example.com"]).status == 404)
        #expect(local.control("POST", "tokens", ["user": 5]).status == 400)
        #expect(local.control("POST", "tokens", ["users": "ada@example.com"]).status == 400)
    }
}
