import Foundation
import Testing

@testable import TandemCore

@Suite struct ProcessTests {
    private let table = SystemProcesses()

    private func life(
        host: String? = nil, boot: String? = nil, number: Int64? = nil, started: Int64? = nil
    ) -> ProcessLife {
        let own = table.current
        return table.life(
            of: ProcessIdentity(
                host: host ?? own.host, boot: boot ?? own.boot, number: number ?? own.number,
                started: started ?? own.started))
    }

    @Test func `a process that runs is seen`() throws {
        try #require(!table.current.boot.isEmpty && table.current.started > 0)
        #expect(life() == .running)
        #expect(life(started: 0) == .running)
    }

    @Test func `another process with the same number is not the same`() {
        #expect(life(started: table.current.started + 1) == .gone)
    }

    @Test func `a process that ended is gone, whether its parent took note or not`() throws {
        let child = Process()
        child.executableURL = URL(filePath: "/bin/sh")
        child.arguments = ["-c", "exit 0"]
        try child.run()
        let number = Int64(child.processIdentifier)
        child.waitUntilExit()
        #expect(life(number: number, started: 1) == .gone)
    }

    @Test func `with its machine every process ends`() {
        let rest = table.current.boot.split(separator: " ").dropFirst().joined(separator: " ")
        #expect(life(boot: "another \(rest)") == .gone)
    }

    @Test func `what cannot be seen from here is not taken for gone`() {
        let id = table.current.boot.split(separator: " ").first.map(String.init) ?? ""
        #expect(life(host: "elsewhere") == .unknown)
        #expect(life(boot: "") == .unknown)
        #expect(life(boot: "\(id) pid:[1]") == .unknown)
        #expect(life(number: 0) == .unknown)
        #expect(life(number: -1) == .unknown)
        #expect(life(number: .max) == .unknown)
        #expect(NoProcesses().life(of: table.current) == .unknown)
    }

    @Test(arguments: [
        ("7 (tandem) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 1", 4_711, false),
        ("7 (a) b (c)) Z 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 12 1 1", 12, true),
    ])
    func `the system's line tells the start and the end`(
        line: String, started: Int64, hasEnded: Bool
    ) {
        let record = ProcessRecord(line: line)
        #expect(record?.started == started && record?.hasEnded == hasEnded)
    }

    @Test(arguments: [
        "", "7", "7 (x)", "7 (x) S 1 2", "7 (x) S 1 7 7 0 -1 4 1 0 0 0 0 0 0 0 2 0 1 0 x",
    ])
    func `a line that makes no sense tells nothing`(line: String) {
        #expect(ProcessRecord(line: line) == nil)
    }
}
