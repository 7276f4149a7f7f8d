import Foundation
import LosslessJSON
import Testing

/// A hand-made item that no good can be done with, from `Fixtures/Poison`.
struct Poison: Sendable {
    /// What is wrong with it.
    let fault: String
    /// The item as it comes over the wire; not always JSON.
    let bytes: [UInt8]

    var raw: String { String(decoding: bytes, as: UTF8.self) }

    /// All of them, in the order of the files' names: two lines each, what is wrong and the item.
    static func all() throws -> [Poison] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/Poison")
        let files = try FileManager.default
            .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        return try files.flatMap { file in
            let lines = try [UInt8](Data(contentsOf: file)).split(separator: UInt8(ascii: "\n"))
            try #require(lines.count.isMultiple(of: 2), "\(file.lastPathComponent)")
            return try stride(from: 0, to: lines.count, by: 2).map { place in
                let fault = String(decoding: lines[place], as: UTF8.self)
                try #require(fault.hasPrefix("# ") && fault.count > 4)
                return Poison(fault: String(fault.dropFirst(2)), bytes: Array(lines[place + 1]))
            }
        }
    }

    /// Sound events, to be found unharmed among the others.
    static func sound(_ count: Int) -> [(id: String, bytes: [UInt8])] {
        (0..<count).map { number in
            let id = "sound" + String(100_000 + number)
            let event = Sample.single.with([
                "id": .string(id), "iCalUID": .string(id + "@google.com"),
                "summary": .string("Sound \(number)"),
            ])
            return (id, event.serialized())
        }
    }
}
