import Foundation
import LosslessJSON
import Testing

/// What may happen to the files below the home behind the program's back.
@Suite(.serialized) struct StorePlaceTests {
    @Test(arguments: [true, false])
    func `a store whose file was emptied or deleted is never begun anew by itself`(
        isMissing: Bool
    ) throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Unsent", "--when", "tomorrow 10:00")
        let folder = scene.home.appending(path: "data")
        let file = folder.appending(path: "tandem.sqlite")
        let whole = try Data(contentsOf: file)
        if isMissing {
            try FileManager.default.removeItem(at: file)
        } else {
            try Data().write(to: file)
        }
        for words in [["status"], ["sync"], ["events", "list"], ["auth", "login", "--no-input"]] {
            let run = try RunningBinary(words + ["--json"], environment: scene.environment())
                .finish()
            #expect(run.status == 10, "\(words): \(run.output)\(run.diagnostics)")
            #expect(try run.error()["code"] == "store.corrupt")
            #expect(try run.error()["remedy"]?.string?.contains(folder.path) == true)
        }
        try whole.write(to: file)
        #expect(try scene.item("Unsent")["state"] == "dirty")
        try FileManager.default.moveItem(at: folder, to: scene.home.appending(path: "away"))
        #expect(try scene.json("events", "list")["items"] == [])
    }

    @Test func `without its three streams a command writes into no file of its own`() throws {
        let scene = try Scene.signedIn("--empty")
        let lock = scene.home.appending(path: "data/tandem.lock")
        let before = try Data(contentsOf: lock)
        for streams in ["<&- >&- 2>&-", ">&-", "<&- 2>&-", "<&- >&-"] {
            let script = """
                "$TANDEM" events add --title "Kept" --when tomorrow \(streams)
                "$TANDEM" events list -v \(streams)
                "$TANDEM" events list --bogus \(streams)
                "$TANDEM" sync \(streams)
                """
            _ = try scene.shell(script)
            #expect(try Data(contentsOf: lock) == before, "\(streams)")
        }
        let items = try #require(try scene.json("events", "list")["items"]?.array)
        #expect(items.count == 4 && items.allSatisfy { $0["state"] == "clean" })
    }

    /// Whether this machine lets its users mount anything for themselves.
    private static let canMount: Bool = {
        let probe = Process()
        probe.executableURL = URL(filePath: "/usr/bin/unshare")
        probe.arguments = ["-rm", "sh", "-c", "mount --bind /tmp /tmp"]
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    /// Runs commands while the home is on a file system that may only be read.
    private func readOnly(_ commands: String, in scene: Scene) throws -> Run {
        try RunningBinary(
            words: [
                "/usr/bin/unshare", "-rm", "/bin/sh", "-c",
                """
                mount --bind "$TANDEM_HOME" "$TANDEM_HOME" || exit 99
                mount -o remount,bind,ro "$TANDEM_HOME" || exit 99
                \(commands)
                """,
            ], environment: scene.environment(["TANDEM": Binary.path])
        ).finish()
    }

    @Test(.enabled(if: canMount, "needs user namespaces that may mount"))
    func `on a read-only file system what only reads works, and the rest says why it cannot`()
        throws
    {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Seen", "--when", "tomorrow 10:00")
        for words in ["events list", "agenda", "status", "queue list", "auth list", "log"] {
            let run = try readOnly("exec \"$TANDEM\" \(words) --json", in: scene)
            #expect(run.status == 0, "\(words): \(run.diagnostics)")
            let first = try run.json()
            #expect(first["items"]?.array?.isEmpty == false || first["accounts"] != nil)
        }
        for words in ["events add --title X --when tomorrow", "sync"] {
            let run = try readOnly("exec \"$TANDEM\" \(words) --json", in: scene)
            #expect(run.status == 10, "\(words): \(run.output)\(run.diagnostics)")
            #expect(try run.error()["code"] == "store.unwritable")
            #expect(try run.error()["remedy"]?.string?.contains("read-only") == true)
        }
    }

    /// Runs commands with the home copied to a small file system of its own, at `$small`.
    private func onSmallDisk(_ commands: String, in scene: Scene) throws -> Run {
        try RunningBinary(
            words: [
                "/usr/bin/unshare", "-rm", "/bin/sh", "-c",
                """
                home=$(mktemp -d) || exit 99
                cp -a "$TANDEM_HOME/." "$home" || exit 99
                mount -t tmpfs -o size=8m tmpfs "$TANDEM_HOME" || exit 99
                small=$TANDEM_HOME
                cp -a "$home/." "$small" && rm -r "$home" || exit 99
                fill() { cat /dev/zero >"$small/fill" 2>/dev/null; }
                \(commands)
                """,
            ], environment: scene.environment(["TANDEM": Binary.path])
        ).finish()
    }

    @Test(.enabled(if: canMount, "needs user namespaces that may mount"))
    func `on a full disk what only reads works, and the rest says what is missing`() throws {
        let scene = try Scene.signedIn("--empty")
        try scene.expect(0, "events", "add", "--title", "Seen", "--when", "tomorrow 10:00")
        for words in ["events list", "agenda", "status", "queue list", "auth list", "log"] {
            let run = try onSmallDisk("fill; exec \"$TANDEM\" \(words) --json", in: scene)
            #expect(run.status == 0, "\(words): \(run.diagnostics)")
            let first = try run.json()
            #expect(first["items"]?.array?.isEmpty == false || first["accounts"] != nil)
        }
        for words in ["events add --title X --when tomorrow", "sync"] {
            let run = try onSmallDisk("fill; exec \"$TANDEM\" \(words) --json", in: scene)
            #expect(run.status == 1, "\(words): \(run.output)\(run.diagnostics)")
            #expect(try run.error()["code"] == "store.full")
            #expect(try run.error()["remedy"]?.string?.contains("Free some space") == true)
        }
    }

    @Test(.enabled(if: canMount, "needs user namespaces that may mount"))
    func `with room again everything goes on, and nothing refused was kept`() throws {
        let scene = try Scene.signedIn("--empty")
        let run = try onSmallDisk(
            """
            "$TANDEM" events add --title "Before" --when tomorrow >&2 || exit 98
            fill
            "$TANDEM" events add --title "Refused" --when tomorrow >&2 && exit 97
            rm "$small/fill"
            "$TANDEM" events add --title "After" --when tomorrow >&2 || exit 96
            "$TANDEM" sync >&2 || exit 95
            exec "$TANDEM" events list --json
            """, in: scene)
        #expect(run.status == 0, "\(run.diagnostics)")
        let items = try #require(try run.json()["items"]?.array)
        let titles = items.compactMap { $0["data"]?["summary"]?.string }
        #expect(titles.sorted() == ["After", "Before"])
        #expect(items.allSatisfy { $0["state"] == "clean" })
    }
}
