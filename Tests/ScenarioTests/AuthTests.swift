import Foundation
import LosslessJSON
import Testing

@Suite(.serialized) struct AuthTests {
    @Test func `a local Google needs no client file, and the account is listed`() throws {
        let scene = try Scene.withGoogle("--empty")
        let login = try scene.json("auth", "login", "--no-input")
        #expect(login["account"] == "ada")
        let item = try #require(try scene.json("auth", "list")["items"]?[0])
        #expect(item["account"] == "ada")
        #expect(item["email"] == "ada@example.com")
        #expect(item["sub"]?.string?.isEmpty == false)
        #expect(item["state"] == "ok")
        #expect(item["scopes"]?.array?.contains("https://www.googleapis.com/auth/calendar") == true)
        let status = try scene.json("auth", "status")
        #expect(status["items"]?[0]?["proof"] == "ok")
    }

    @Test func `another user gets an account of its own`() throws {
        let scene = try Scene()
        try scene.startGoogle([
            "--auto-consent", "--empty", "--user", "ada@example.com", "--user",
            "grace@example.com",
        ])
        try scene.expect(0, "auth", "login", "--no-input")
        try scene.expect(0, "auth", "login", "--no-input", "--account", "grace@example.com")
        let items = try scene.json("auth", "list")["items"]?.array ?? []
        #expect(
            items.compactMap { $0["email"]?.string }.sorted() == [
                "ada@example.com", "grace@example.com",
            ])
        try scene.expect(0, "sync", "--account", "ada")
        try scene.expect(0, "sync")
        // Two accounts, so a new event has to say where it goes.
        let run = try scene.expect(64, "events", "add", "--title", "X", "--when", "tomorrow")
        #expect(run.diagnostics.contains("--account"))
        try scene.expect(
            0, "events", "add", "--title", "X", "--when", "tomorrow", "--account", "ada")
    }

    @Test func `a bare name picks the local Google's user of that name`() throws {
        let scene = try Scene()
        try scene.startGoogle([
            "--auto-consent", "--empty", "--user", "ada@example.com", "--user",
            "grace@example.com",
        ])
        let grace = try scene.json("auth", "login", "--no-input", "--account", "grace")
        #expect(grace["email"] == "grace@example.com")
        // Nobody is called so: the default user signs in under the name that was asked for.
        let work = try scene.json("auth", "login", "--no-input", "--account", "work")
        #expect(work["account"] == "work")
        #expect(work["email"] == "ada@example.com")
    }

    @Test func `one person's second account is refused, and names the first`() throws {
        let scene = try Scene.signedIn("--empty")
        let before = try scene.json("auth", "list")
        let run = try scene.expect(
            6, "auth", "login", "--no-input", "--account", "work", "--json")
        #expect(try run.error()["code"] == "sameIdentity")
        #expect(try run.error()["message"]?.string?.contains("'ada'") == true)
        #expect(
            try run.error()["remedy"]?.string?.contains("tandem auth login --account ada") == true)
        #expect(try scene.json("auth", "list") == before)
    }

    @Test func `the browser's redirect ends the sign-in`() async throws {
        let scene = try Scene.withGoogle("--empty")
        let login = try scene.start("auth", "login")
        // A stand-in for the browser: it follows the address that was printed.
        let address = try #require(login.diagnosticsLine { $0.hasPrefix("http") })
        let visit = try await Scene.visit(address)
        #expect(visit.page.contains("Signed in"))
        let run = login.finish(within: 60)
        #expect(run.status == 0, "\(run.diagnostics)")
        #expect(run.output.contains("Signed in as ada@example.com"))
    }

    @Test func `with --json the address comes as data, and nothing else beside it`()
        async throws
    {
        let scene = try Scene.withGoogle("--empty")
        let login = try scene.start("auth", "login", "--json")
        let line = try #require(login.diagnosticsLine { _ in true })
        let address = try JSON(parsing: line)["signIn"]?["open"]?.string
        _ = try await Scene.visit(try #require(address))
        let run = login.finish(within: 60)
        #expect(run.status == 0, "\(run.diagnostics)")
        #expect(run.diagnostics == line + "\n")
        #expect(try run.json()["email"] == "ada@example.com")
    }

    @Test func `whoever may not be asked signs in alone at a local Google`() throws {
        let scene = try Scene.withGoogle("--empty")
        let login = try scene.json("auth", "login", "--no-browser", "--no-input")
        #expect(login["account"] == "ada")
        let real = try scene.run(
            "auth", "login", "--no-browser", "--no-input", "--json", "--client-secrets",
            try #require(scene.announcement["clientFile"]?.string),
            environment: ["TANDEM_GOOGLE_URL": ""])
        #expect(real.status == 4)
        #expect(real.output.isEmpty)
    }

    @Test func `without a browser the redirect's address is pasted`() async throws {
        let scene = try Scene.withGoogle("--empty")
        let refused = try scene.run(
            "auth", "login", "--no-browser", input: "http://127.0.0.1:8085/?code=x&state=other\n")
        #expect(refused.status == 4)
        #expect(refused.diagnostics.contains("/o/oauth2/v2/auth?"))
        let nothing = try scene.run("auth", "login", "--noauth_local_webserver", input: "")
        #expect(nothing.status == 4)
        #expect(try scene.json("auth", "list")["items"] == [])
    }

    /// Signs in without a browser and pastes nothing.
    private func loginByPaste(_ flags: [String], in scene: Scene) throws -> Run {
        try RunningBinary(
            ["auth", "login", "--no-browser"] + flags, environment: scene.environment(), input: ""
        ).finish()
    }

    @Test(arguments: [
        ([], "http%3A%2F%2F127.0.0.1%3A8085%2F"),
        (["--auth-host-name", "localhost"], "http%3A%2F%2Flocalhost%3A8085%2F"),
        (["--auth-host-name", "::1"], "http%3A%2F%2F%5B%3A%3A1%5D%3A8085%2F"),
        (["--auth_host_name", "localhost"], "http%3A%2F%2Flocalhost%3A8085%2F"),
        (["--auth-host-port", "9000"], "http%3A%2F%2F127.0.0.1%3A9000%2F"),
        (
            ["--auth-host-name", "localhost", "--auth-host-port", "9000", "9001"],
            "http%3A%2F%2Flocalhost%3A9000%2F"
        ),
    ])
    func `without a browser, too, the redirect has the name and port asked for`(
        flags: [String], redirect: String
    ) throws {
        let scene = try Scene.withGoogle("--empty")
        let run = try loginByPaste(flags, in: scene)
        #expect(run.status == 4)
        #expect(run.diagnostics.contains("redirect_uri=\(redirect)&"))
    }

    @Test func `without a browser another machine's name is refused before anything is shown`()
        throws
    {
        let scene = try Scene.withGoogle("--empty")
        for name in ["evil.example", "127.0.0.2"] {
            let run = try scene.run(
                "auth", "login", "--no-browser", "--auth-host-name", name, input: "")
            #expect(run.status != 0 && run.status != 4)
            #expect(!run.diagnostics.contains("/o/oauth2/v2/auth?"))
        }
    }

    @Test func `without a browser a web client's own redirect is used`() throws {
        let scene = try Scene.withGoogle("--empty")
        let client: JSON = [
            "web": [
                "client_id": "tandem-local", "client_secret": "s",
                "redirect_uris": ["https://app.example/cb", "http://localhost:8080/cb"],
            ]
        ]
        let path = scene.home.appending(path: "client.json")
        try Data(client.serialized()).write(to: path)
        for (flags, redirect) in [
            ([], "https%3A%2F%2Fapp.example%2Fcb"),
            (["--auth-host-name", "localhost"], "http%3A%2F%2Flocalhost%3A8080%2Fcb"),
        ] {
            let run = try loginByPaste(["--client-secrets", path.path] + flags, in: scene)
            #expect(run.diagnostics.contains("redirect_uri=\(redirect)&"))
        }
    }

    @Test func `an imported file signs in, whatever program wrote it`() async throws {
        let scene = try Scene.withGoogle("--empty")
        let refresh = try await scene.refreshToken()
        let client: JSON = [
            "client_id": "tandem-local", "client_secret": "tandem-local-secret",
            "refresh_token": .string(refresh),
        ]
        let googleAuth = client.merging([
            "token": "old", "token_uri": "https://oauth2.googleapis.com/token",
            "scopes": ["https://www.googleapis.com/auth/calendar"],
            "universe_domain": "googleapis.com", "expiry": "2020-01-01T00:00:00Z",
        ])
        let gcloud = client.merging(["type": "authorized_user"])
        let calendarDat = client.merging([
            "_class": "OAuth2Credentials", "_module": "oauth2client.client",
            "access_token": "old", "token_expiry": "2024-08-20T11:53:04Z", "invalid": false,
            "scopes": ["https://www.googleapis.com/auth/calendar"],
        ])
        for file in [googleAuth, gcloud, calendarDat] {
            let path = scene.home.appending(path: "token.json")
            try Data(file.serialized()).write(to: path)
            let run = try scene.expect(0, "auth", "import", path.path, "--account", "a")
            #expect(run.output.contains("Imported"))
            let second = try scene.expect(
                6, "auth", "import", path.path, "--account", "b", "--json")
            #expect(try second.error()["code"] == "sameIdentity")
            try FileManager.default.removeItem(at: path)
            try scene.expect(0, "sync", "--account", "a")
        }
        #expect(try scene.json("auth", "list")["items"]?.array?.count == 1)
        let dead = calendarDat.merging(["invalid": true])
        let path = scene.home.appending(path: "dead.json")
        try Data(dead.serialized()).write(to: path)
        try scene.expect(4, "auth", "import", path.path)
        try Data("{}".utf8).write(to: path)
        try scene.expect(10, "auth", "import", path.path)
        try Data(count: 2_000_000).write(to: path)
        try scene.expect(10, "auth", "import", path.path)
        try scene.expect(10, "auth", "import", "/nowhere.json")
        let secrets = try #require(scene.announcement["clientFile"]?.string)
        let wrong = try scene.expect(10, "auth", "import", secrets, "--json")
        #expect(try wrong.error()["code"] == "clientFile")
    }

    @Test func `another person cannot take over an account whose edits wait`() async throws {
        let scene = try Scene()
        try scene.startGoogle([
            "--auto-consent", "--empty", "--user", "ada@example.com", "--user",
            "grace@example.com",
        ])
        try scene.expect(0, "auth", "login", "--no-input", "--account", "ada@example.com")
        try scene.expect(0, "sync")
        try scene.expect(0, "events", "add", "--title", "Mine", "--when", "tomorrow 10:00")
        let file = try scene.write(
            [
                "type": "authorized_user", "client_id": "tandem-local",
                "client_secret": "tandem-local-secret",
                "refresh_token": .string(try await scene.refreshToken(of: "grace@example.com")),
            ], to: "grace.json")
        let before = try (scene.json("auth", "list"), scene.json("queue", "list"))
        let run = try scene.expect(
            6, "auth", "import", file, "--account", "ada@example.com", "--json")
        #expect(try run.error()["code"] == "otherIdentity")
        #expect(try scene.json("auth", "list") == before.0)
        #expect(try scene.json("queue", "list") == before.1)
        // Ada's own sign-in still counts, and sends her edit; then nothing keeps Grace away.
        try scene.expect(0, "sync")
        #expect(try scene.item("Mine")["state"] == "clean")
        let taken = try scene.expect(0, "auth", "import", file, "--account", "ada@example.com")
        #expect(taken.diagnostics.contains("belonged to ada@example.com"))
        #expect(try scene.json("auth", "list")["items"]?[0]?["email"] == "grace@example.com")
        #expect(try scene.json("events", "list")["items"] == [])
    }

    @Test func `a dead refresh token asks for consent, and nothing that waits is lost`()
        async throws
    {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Waits", "--when", "tomorrow 10:00")
        try await scene.call("POST", "/_emulator/expire", ["what": "access-tokens"])
        try await scene.call("POST", "/_emulator/expire", ["what": "refresh-tokens"])
        let run = try scene.expect(4, "sync", "--json")
        #expect(try run.error()["remedy"] == "tandem auth login --account ada")
        #expect(
            try run.json()["accounts"]?[0]?["error"]?["remedy"]
                == "tandem auth login --account ada")
        #expect(try scene.json("status")["accounts"]?[0]?["state"] == "needs-consent")
        #expect(try scene.json("auth", "list")["items"]?[0]?["state"] == "needs-consent")
        try scene.expect(4, "auth", "status")
        #expect(try scene.json("queue", "list")["items"]?.array?.count == 1)
        try scene.expect(0, "auth", "login", "--no-input", "--account", "ada")
        #expect(try scene.json("sync")["exit"] == 0)
        #expect(try scene.item("Waits")["state"] == "clean")
    }

    @Test func `signing out forgets the secret and keeps the data`() async throws {
        let scene = try Scene.signedIn("--empty")
        _ = try await scene.remoteEvent("Review")
        try scene.expect(0, "sync")
        let plan = try scene.json("auth", "logout", "--revoke", "--dry-run")
        #expect(plan["sends"] == [["account": "ada", "verb": "revoke"]])
        #expect(plan["revoked"] == false)
        #expect(try await revocations(scene) == 0)
        let answer = try scene.json("auth", "logout", "--revoke")
        #expect(answer["revoked"] == true)
        #expect(try await revocations(scene) == 1)
        #expect(try scene.json("auth", "list")["items"]?[0]?["state"] == "needs-consent")
        try scene.expect(4, "sync")
        #expect(try scene.item("Review")["state"] == "clean")
        try scene.expect(0, "auth", "login", "--no-input")
        #expect(try scene.json("auth", "list")["items"]?.array?.count == 1)
        try scene.expect(0, "sync")
        #expect(try scene.json("auth", "logout")["revoked"] == false)
        #expect(try await revocations(scene) == 1)
    }

    @Test func `who is signed out already is told so, and nothing is promised`() throws {
        let scene = try Scene()
        let nobody = try scene.expect(5, "auth", "logout", "--dry-run")
        #expect(nobody.diagnostics.contains("tandem auth login"))
        try scene.startGoogle(["--auto-consent", "--empty", "--user", "ada@example.com"])
        try scene.expect(0, "auth", "login", "--no-input")
        #expect(try scene.json("auth", "logout", "--dry-run")["accounts"] == ["ada"])
        #expect(try scene.expect(0, "auth", "logout", "-q").output.isEmpty)
        let again = try scene.expect(0, "auth", "logout", "--dry-run")
        #expect(again.output == "'ada' is signed out already; nothing would change.\n")
        #expect(try scene.json("auth", "logout", "--dry-run")["accounts"] == [])
        let twice = try scene.expect(0, "auth", "logout")
        #expect(twice.output == "'ada' was signed out already; its data stays here.\n")
    }

    @Test func `what was not withdrawn is never told as withdrawn`() async throws {
        let scene = try Scene.signedIn("--empty")
        try FileManager.default.removeItem(at: scene.home.appending(path: "config/sealing.keys"))
        for flags in [[], ["--dry-run"]] {
            let run = try RunningBinary(
                ["auth", "logout", "--revoke", "--json"] + flags,
                environment: scene.environment()
            ).finish()
            #expect(run.status == 4)
            #expect(run.output.isEmpty)
            #expect(try run.error()["code"] == "notRevoked")
            #expect(try run.error()["remedy"]?.string?.contains("connections") == true)
        }
        #expect(try scene.json("auth", "list")["items"]?[0]?["state"] == "unreadable")
        try scene.expect(0, "auth", "logout")
        let again = try scene.expect(4, "auth", "logout", "--revoke", "--json")
        #expect(try again.error()["code"] == "notRevoked")
        #expect(try await revocations(scene) == 0)
        // What Google had ended by itself is no failure, but nothing that was done here either.
        try scene.expect(0, "auth", "login", "--no-input")
        try await scene.call("POST", "/_emulator/expire", ["what": "refresh-tokens"])
        let ended = try scene.json("auth", "logout", "--revoke")
        #expect(ended["revoked"] == false)
        #expect(try scene.json("auth", "list")["items"]?[0]?["state"] == "needs-consent")
    }

    /// How often Google was asked to withdraw an access.
    private func revocations(_ scene: Scene) async throws -> Int {
        let items = try await scene.call("GET", "/_emulator/requests")["items"]?.array ?? []
        return items.filter { $0["path"] == "/revoke" }.count
    }

    @Test func `no token and no secret lies in plain below the home`() throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "auth", "status")
        let canaries = ["ya29.", "1//", "tandem-local-secret", "GOCSPX"].map { Data($0.utf8) }
        let files = try #require(
            FileManager.default.enumerator(at: scene.home, includingPropertiesForKeys: nil))
        var seen = 0
        for case let file as URL in files {
            guard let content = try? Data(contentsOf: file) else { continue }
            seen += 1
            for canary in canaries {
                #expect(content.range(of: canary) == nil, "\(file.lastPathComponent)")
            }
        }
        #expect(seen >= 3)
    }

    @Test func `a Google that is not on this machine is never sent anything in plain http`()
        throws
    {
        let scene = try Scene()
        for address in [
            "http://example.com:80", "http://10.0.0.1", "ftp://127.0.0.1", "x",
            "http://evil.example", "https://evil.example", "http://127.0.0.1.evil.example",
            "http://127.0.0.1@evil.example",
        ] {
            let run = try scene.run(
                "auth", "login", "--no-input", "--json",
                environment: ["TANDEM_GOOGLE_URL": address])
            #expect(run.status == 10, "\(address)")
            #expect(try run.error()["message"]?.string?.contains("TANDEM_GOOGLE_URL") == true)
            let set = try scene.expect(64, "config", "set", "google-url", address, "--json")
            #expect(try set.error()["code"] == "badSetting")
            #expect(try scene.json("config", "get", "google-url")["value"] == .some(.null))
        }
    }

    @Test func `without a client there is no sign-in to Google itself`() throws {
        let scene = try Scene()
        let run = try scene.run("auth", "login", "--no-input", "--json")
        #expect(run.status == 10)
        #expect(try run.error()["code"] == "noClient")
        #expect(try run.error()["remedy"]?.string?.contains("--client-secrets") == true)
    }
}
