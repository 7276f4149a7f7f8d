import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    /// One word in each of many scripts; several write vowels or tones as marks upon letters.
    private static let words = [
        "กินข้าว", "हिन्दी", "שָׁלוֹם", "مَرْحَبًا", "தமிழ்", "বাংলা", "ភាសាខ្មែរ", "မြန်မာ", "한국어", "会议室",
        "Καλημέρα", "Привет", "ქართული", "Հայերեն", "አማርኛ", "Việt", "Vie\u{0323}\u{0302}t",
    ]

    static let scriptChecks: [Check] = [
        Check("words of every script are found, whole and by how they begin") {
            world async throws in
            for (number, word) in words.enumerated() {
                try await world.pull("n\(number)", ["title": .string("x \(word) y")])
            }
            for (number, word) in words.enumerated() {
                let scalars = Array(word.unicodeScalars)
                for length in 2...scalars.count {
                    var start = String.UnicodeScalarView()
                    start.append(contentsOf: scalars.prefix(length))
                    let found = try await found(world, String(start))
                    #expect(found.contains("n\(number)"), "\(word), \(length)")
                }
                let others = try await found(world, word).filter { $0 != "n\(number)" }
                // The last two are one word, written in two ways.
                #expect(others.isEmpty || number >= words.count - 2, "\(word)")
            }
        },
        Check("marks alone are no word, and find nothing") { world async throws in
            try await world.pull("n1", ["title": "pump \u{0301} e\u{0301}"])
            for text in ["\u{0301}", "\u{0301}\u{0302}", "\u{093F}", "\u{FE0F}"] {
                #expect(try await found(world, text).isEmpty)
                #expect(try await found(world, "\(text) pump") == ["n1"])
            }
        },
        Check("no search fails, whatever is typed") { world async throws in
            try await world.pull("n1", ["title": "pump", "body": "กินข้าว हिन्दी"])
            var random = SplitMix64(seed: 20_261_102)
            let limits: [UInt32] = [0x7F, 0x0FFF, 0xFFFF, 0x10_FFFF]
            for _ in 0..<3_000 {
                var text = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 1...12, using: &random) {
                    let limit = limits[Int.random(in: limits.indices, using: &random)]
                    let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random))
                    if let scalar { text.append(scalar) }
                }
                let typed = String(text)
                do { _ = try await found(world, typed) } catch {
                    let scalars = typed.unicodeScalars.map { String($0.value, radix: 16) }
                    Issue.record("\(scalars): \(error)")
                }
            }
        },
    ]
}
