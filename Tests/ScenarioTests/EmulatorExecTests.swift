import Foundation
import LosslessJSON
import Testing

/// `emulator exec`: programs that others wrote, with Google's own addresses, on the local Google.
@Suite(.timeLimit(.minutes(5))) struct EmulatorExecTests {
    /// Runs a program of its own under the command; nothing names a local Google.
    private static func exec(_ words: String..., flags: [String] = ["--empty"]) throws -> Run {
        try RunningBinary(
            ["emulator", "exec"] + flags + ["--"] + words, environment: try Scene().environment()
        ).finish()
    }

    /// What Google's own client library does: renew a token, then list events.
    private static let script = """
        import json, os, urllib.parse, urllib.request
        user = json.load(open(os.environ["GOOGLE_APPLICATION_CREDENTIALS"]))
        fields = {name: user[name] for name in ("client_id", "client_secret", "refresh_token")}
        form = urllib.parse.urlencode(fields | {"grant_type": "refresh_token"}).encode()
        with urllib.request.urlopen("https://oauth2.googleapis.com/token", form) as answer:
            token = json.load(answer)["access_token"]
        request = urllib.request.Request(
            "https://www.googleapis.com/calendar/v3/calendars/primary/events",
            headers={"Authorization": "Bearer " + token})
        with urllib.request.urlopen(request) as answer:
            print(json.load(answer)["summary"])
        """

    @Test func `python's own client is signed in and finds a calendar`() throws {
        let run = try Self.exec("/usr/bin/python3", "-c", Self.script)
        #expect(run.status == 0, "\(run.diagnostics)")
        #expect(run.output == "ada@example.com\n")
        #expect(run.diagnostics.isEmpty)
    }

    @Test func `the flags of start describe its own local Google`() throws {
        let run = try Self.exec(
            "/usr/bin/python3", "-c", Self.script,
            flags: ["--user", "grace@example.com", "--seed", "5", "--events", "10"])
        #expect(run.output == "grace@example.com\n", "\(run.diagnostics)")
    }

    @Test func `curl trusts Google's hosts, speaks HTTP 1.1, and reaches nobody else`() throws {
        let form = "%{http_code} %{http_version} %{ssl_verify_result}"
        let run = try Self.exec(
            "/usr/bin/curl", "-sS", "-o", "/dev/null", "-w", form,
            "https://www.googleapis.com/oauth2/v3/certs")
        #expect(run.output == "200 1.1 0", "\(run.diagnostics)")
        let other = try Self.exec("/usr/bin/curl", "-sS", "https://example.com/")
        #expect(other.status == 56)
        #expect(other.diagnostics.contains("403"))
        let plain = try Self.exec("/usr/bin/curl", "-sS", "http://www.googleapis.com/")
        #expect(plain.output.hasPrefix("403 "))
    }

    @Test func `a large upload that waits for leave gets it`() throws {
        let run = try Self.exec(
            "/bin/sh", "-c",
            "head -c 3000000 /dev/zero | curl -sS -o /dev/null -w '%{http_code}' "
                + "-H 'Expect: 100-continue' --expect100-timeout 100 --data-binary @- "
                + "https://www.googleapis.com/calendar/v3/none")
        #expect(run.output == "404", "\(run.diagnostics)")
    }

    @Test func `a named local Google is used, also one that asks people`() throws {
        let scene = try Scene()
        try scene.startGoogle(["--empty"])
        let run = try RunningBinary(
            ["emulator", "exec", "--url", scene.url, "--", "/usr/bin/env"],
            environment: scene.environment(["TANDEM_GOOGLE_URL": ""])
        ).finish()
        #expect(run.output.contains("\nTANDEM_GOOGLE_URL=\(scene.url)\n"), "\(run.diagnostics)")
        // The last one started needs no name, while it runs.
        let last = try RunningBinary(
            ["emulator", "exec", "--", "/usr/bin/env"],
            environment: scene.environment(["TANDEM_GOOGLE_URL": ""])
        ).finish()
        #expect(last.output.contains("\nTANDEM_GOOGLE_URL=\(scene.url)\n"), "\(last.diagnostics)")
        scene.stopGoogle(SIGKILL)
        let own = try RunningBinary(
            ["emulator", "exec", "--", "/usr/bin/env"],
            environment: scene.environment(["TANDEM_GOOGLE_URL": ""])
        ).finish()
        #expect(own.status == 0, "\(own.diagnostics)")
        #expect(!own.output.contains("TANDEM_GOOGLE_URL=\(scene.url)\n"))
        let named = try scene.run("emulator", "exec", "--url", scene.url, "--", "/usr/bin/env")
        #expect(named.status != 0)
        #expect(named.output.isEmpty)
    }

    @Test func `a fault that waits is the program's, and so is every request`() throws {
        let scene = try Scene.withGoogle("--empty")
        try scene.expect(0, "emulator", "fault", "add", "--status", "503")
        let run = try scene.run(
            "emulator", "exec", "--", "/usr/bin/curl", "-sS", "-o", "/dev/null", "-w",
            "%{http_code}", "https://www.googleapis.com/oauth2/v3/certs")
        #expect(run.status == 0, "\(run.diagnostics)")
        #expect(run.output == "503")
        #expect(try scene.json("emulator", "fault", "list")["items"] == [])
        #expect(try scene.json("emulator", "requests")["items"]?.array?.count == 1)
    }

    @Test func `streams, rights and open files are the program's own`() throws {
        // The tests' own files may be open in it as well; what counts is that ours are not.
        let count = "ls -l /proc/self/fd | grep -c socket; :"
        let run = try RunningBinary(
            words: [
                "/bin/sh", "-c",
                "umask 027; \(count); exec \"$TANDEM\" emulator exec --empty -- /bin/sh -c "
                    + "'umask; cat; echo said >&2; \(count)'",
            ], environment: try Scene().environment(["TANDEM": Binary.path]), input: "given\n"
        ).finish()
        let lines = run.output.split(separator: "\n")
        #expect(lines.dropFirst().prefix(2) == ["0027", "given"])
        #expect(lines.count == 4)
        #expect(lines.first == lines.last)
        #expect(run.diagnostics == "said\n")
    }

    @Test func `the files are for the owner alone, and are gone at the end`() throws {
        let run = try Self.exec(
            "/bin/sh", "-c",
            "cd \"$(dirname \"$GOOGLE_APPLICATION_CREDENTIALS\")\"; pwd; stat -c %a . *; "
                + "cat \"$SSL_CERT_FILE\" | head -1; cat \"$TANDEM_EMULATOR_CLIENT_FILE\"")
        let lines = run.output.split(separator: "\n").map(String.init)
        let folder = try #require(lines.first)
        #expect(lines.dropFirst().prefix(5) == ["700", "600", "600", "600", "700"])
        #expect(run.output.contains("-----BEGIN CERTIFICATE-----"))
        #expect(run.output.contains("https://oauth2.googleapis.com/token"))
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test(arguments: [
        ("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
    ])
    func `the exit code is the program's own`(script: String, status: Int32) throws {
        #expect(try Self.exec("/bin/sh", "-c", script).status == status)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `signals are handed on, and the program is waited for`(signal: Int32) throws {
        let running = try RunningBinary(
            [
                "emulator", "exec", "--empty", "--", "/bin/sh", "-c",
                "trap 'echo heard; exit 5' INT TERM HUP; echo ready; while :; do sleep 0.05; done",
            ], environment: try Scene().environment())
        #expect(running.firstLine() == "ready")
        running.send(signal)
        let run = running.finish()
        #expect(run.output == "ready\nheard\n")
        #expect(run.status == 5)
    }

    @Test func `a command that is not there, or none, is told in one line`() throws {
        let missing = try Self.exec("no-such-command")
        #expect(missing.status == 127)
        #expect(missing.diagnostics == "tandem: There is no command 'no-such-command'.\n")
        let file = try Self.exec("/etc/passwd")
        #expect(file.status == 126)
        #expect(file.diagnostics.split(separator: "\n").count == 1)
        #expect(try Self.exec().status == 64)
        let both = try Self.exec("/bin/true", flags: ["--url", "http://127.0.0.1:1", "--empty"])
        #expect(both.status == 64)
        let abroad = try Self.exec("/bin/true", flags: ["--url", "http://192.0.2.1"])
        #expect(abroad.status == 64)
    }

    @Test func `words that are not UTF-8 reach the program as they are`() throws {
        let run = try RunningBinary(
            words: [
                "/bin/sh", "-c",
                "exec \"$TANDEM\" emulator exec --empty -- /bin/sh -c 'printf %s \"$1\" | od -An -tx1' "
                    + "x \"$(printf '\\351\\377')\"",
            ], environment: try Scene().environment(["TANDEM": Binary.path])
        ).finish()
        #expect(run.output == " e9 ff\n", "\(run.diagnostics)")
    }
}
