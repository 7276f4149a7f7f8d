import Foundation
import LosslessJSON
import Testing

/// Compares with Foundation's reader, a second opinion on what JSON is.
struct FoundationTests {
    /// Whether both readers mean the same by JSON here.
    ///
    /// Foundation guesses at UTF-16 and UTF-32 and skips byte order marks, so it is asked about ASCII
    /// only. It refuses numbers beyond a double's range and lets a comma stand before a closing
    /// bracket, so neither is asked about.
    private func isFair(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return bytes.allSatisfy { $0 > 0 && $0 < 0x80 }
            && !text.contains(/,\s*[\]}]/) && !text.contains(/[eE]\+?[0-9]{3}/)
    }

    private func foundationAccepts(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    @Test func `Foundation agrees on the suite`() {
        for sample in SuiteCase.all
        where isFair(sample.bytes) && !sample.name.hasPrefix("i_") {
            let accepts = (try? JSON(parsing: sample.bytes)) != nil
            #expect(accepts == foundationAccepts(sample.bytes), "\(sample.name)")
        }
    }

    @Test func `Foundation agrees on mutated inputs`() {
        let letters = Array(#"{}[]:,""\/ue0123456789.-+EtrfalsnTb "#.utf8) + [0x0A, 0x1F, 0x7F]
        let seeds = (Samples.small + [Samples.event]).map { Array($0.utf8) }.filter(isFair)
        var chance = SplitMix64(seed: 11)
        for _ in 0..<4_000 {
            var bytes = seeds[chance.below(seeds.count)]
            for _ in 0...chance.below(3) {
                bytes.insert(letters[chance.below(letters.count)], at: chance.below(bytes.count))
            }
            guard isFair(bytes) else { continue }
            let accepts = (try? JSON(parsing: bytes)) != nil
            #expect(
                accepts == foundationAccepts(bytes), "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
