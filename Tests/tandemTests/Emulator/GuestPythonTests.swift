import Foundation
import Testing

@testable import tandem

/// What is said where somebody's Python program cannot speak to a proxy.
@Suite struct GuestPythonTests {
    /// A folder of executable files, gone with the test.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "guest-python-\(ProcessInfo.processInfo.globallyUniqueString)")

        init(_ files: [String: String]) throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for (name, text) in files {
                let file = url.appending(path: name)
                try Data(text.utf8).write(to: file)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o700], ofItemAtPath: file.path)
            }
        }

        deinit {
            do { try FileManager.default.removeItem(at: url) } catch {
                Issue.record("\(url.path) stays behind: \(error)")
            }
        }
    }

    @Test func `a Python is found by its name, and by a script's first line`() throws {
        let folder = try Folder([
            "python3": "", "python3.11": "", "gcalcli": "#!python3.11 -E\nimport x\n",
            "enved": "#!/usr/bin/env -S PYTHONUTF8=1 python3\n", "shell": "#!/bin/sh\npython3\n",
            "binary": "\u{7F}ELF python3", "lost": "#!/nowhere/python3\n", "empty": "",
        ])
        let path = "/nowhere:\(folder.url.path)"
        func python(_ command: String) -> String? {
            GuestPython(running: command, path: path)?.interpreter
        }
        let (plain, versioned) = (
            folder.url.appending(path: "python3").path,
            folder.url.appending(path: "python3.11").path
        )
        #expect(python("python3") == plain)
        #expect(python(plain) == plain)
        #expect(python("gcalcli") == versioned)
        #expect(python(folder.url.appending(path: "gcalcli").path) == versioned)
        #expect(python("enved") == plain)
        for other in ["shell", "binary", "lost", "empty", "none", ""] {
            #expect(python(other) == nil, "\(other)")
        }
    }

    @Test func `PySocks is missed only where httplib2 is there without it`() async throws {
        func isMissed(_ modules: [String]) async throws -> Bool {
            // Without the packages of this machine.
            var files = ["python3": "#!/bin/sh\nexec /usr/bin/python3 -S \"$@\"\n"]
            for module in modules { files["\(module).py"] = "raise SystemExit(1)" }
            let folder = try Folder(files)
            let python = try #require(GuestPython(running: "python3", path: folder.url.path))
            return try await python.lacksPySocks(
                ChildStarter(words: []), variables: ["PYTHONPATH": folder.url.path],
                interruption: Interruption())
        }
        #expect(try await isMissed(["httplib2"]))
        #expect(try await !isMissed(["httplib2", "socks"]))
        #expect(try await !isMissed([]))
    }

    @Test func `what is said names the package, and the Python that needs it`() throws {
        let folder = try Folder(["python 3": ""])
        let python = try #require(
            GuestPython(running: folder.url.appending(path: "python 3").path, path: ""))
        #expect(python.advice.hasSuffix("/python 3' -m pip install pysocks"))
        #expect(!python.advice.contains("\n"))
    }

    @Test func `a local Google of its own is never silent`() {
        let first = EmulatorExec.word(ofOwnInsteadOf: nil)
        #expect(first == "Started a local Google with the sample account for this command.")
        let ended = EmulatorExec.word(ofOwnInsteadOf: "http://127.0.0.1:8085")
        #expect(ended == "The one at http://127.0.0.1:8085 has ended. " + first)
    }
}
