import Foundation

/// Reads the compiled zone files of the system (RFC 8536, "The Time Zone Information Format").
enum ZoneFile {
    private static let folder = "/usr/share/zoneinfo/"
    /// The largest zone file of 2025 has 4 KiB.
    private static let maximumBytes = 1 << 18

    /// Fails with code `zone`.
    static func offsets(of identifier: String) -> Result<OffsetTimeline, FormatError> {
        guard isZoneName(identifier) else { return .failure(unknown(identifier)) }
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: folder + identifier))
            guard data.count <= maximumBytes, data.starts(with: Array("TZif".utf8)) else {
                return .failure(unknown(identifier))
            }
            return .success(try parse(Array(data), identifier: identifier))
        } catch let error as FormatError {
            return .failure(error)
        } catch {
            // Without the folder the machine lacks the table, else the table lacks the zone.
            guard FileManager.default.fileExists(atPath: folder + "Europe") else {
                return .failure(
                    FormatError(
                        code: .zone,
                        message: "There is no time zone table; install the package tzdata."))
            }
            return .failure(unknown(identifier))
        }
    }

    /// IANA names only, which begin with capitals: no paths out of the folder, none of its other
    /// trees (`right/` counts leap seconds), and not the host's own zone (`localtime`).
    static func isZoneName(_ identifier: String) -> Bool {
        let parts = identifier.utf8.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return identifier.utf8.count <= 64 && (1...3).contains(parts.count)
            && identifier != "Factory"
            && parts.allSatisfy { part in
                part.first.map(isUpper) == true
                    && part.allSatisfy {
                        isLetterOrDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x5F
                    }
            }
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isUpper(byte) || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }

    private static func unknown(_ identifier: String) -> FormatError {
        FormatError(
            code: .zone,
            message: "Unknown time zone; use an IANA name such as Europe/Paris or UTC.",
            excerpt: identifier)
    }

    // MARK: - Contents

    /// The counts of one header, RFC 8536 section 3.1.
    private struct Header {
        let version: UInt8
        let utcFlags, standardFlags, leaps, times, types, letters: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard bytes.count >= start + 44, bytes[start..<start + 4].elementsEqual("TZif".utf8)
            else { return nil }
            version = bytes[start + 4]
            let counts = (0..<6).map { ZoneFile.integer(bytes, start + 20 + $0 * 4, 4) }
            guard counts.allSatisfy({ (0...Int64(ZoneFile.maximumBytes)).contains($0) }) else {
                return nil
            }
            utcFlags = Int(counts[0])
            standardFlags = Int(counts[1])
            leaps = Int(counts[2])
            times = Int(counts[3])
            types = Int(counts[4])
            letters = Int(counts[5])
        }

        /// Bytes of the data block that follows, with instants of `width` bytes.
        func blockBytes(_ width: Int) -> Int {
            times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standardFlags
                + utcFlags
        }
    }

    static func parse(
        _ bytes: [UInt8], identifier: String
    ) throws(FormatError) -> OffsetTimeline {
        let damaged = FormatError(
            code: .zone,
            message: "The system's zone file is damaged; reinstall the package tzdata.",
            excerpt: identifier)
        // The first block holds 32 bit instants for old readers; all is in the second one.
        guard let old = Header(bytes, at: 0), old.version >= UInt8(ascii: "2"),
            let header = Header(bytes, at: 44 + old.blockBytes(4)), header.types > 0
        else { throw damaged }
        let times = 44 + old.blockBytes(4) + 44
        let end = times + header.blockBytes(8)
        guard bytes.count > end else { throw damaged }
        let indices = times + header.times * 8
        let types = indices + header.times
        let offsets = (0..<header.types).map { integer(bytes, types + $0 * 6, 4) }
        var changes: [OffsetTimeline.Change] = []
        for index in 0..<header.times {
            let type = Int(bytes[indices + index])
            let instant = OffsetTimeline.clamped(integer(bytes, times + index * 8, 8))
            guard type < offsets.count, changes.last.map({ $0.instant <= instant }) ?? true else {
                throw damaged
            }
            changes.append(.init(instant: instant, offset: offsets[type]))
        }
        let footer = bytes[end...].dropFirst().prefix { $0 != 0x0A }
        guard !footer.isEmpty else {
            return OffsetTimeline(initialOffset: offsets[0], changes: changes, cycleStart: nil)
        }
        guard let rule = PosixZoneRule(String(decoding: footer, as: UTF8.self)) else {
            throw damaged
        }
        return rule.extending(initialOffset: offsets[0], changes: changes)
    }

    /// A signed big-endian number of 4 or 8 bytes; the caller has checked the bounds.
    private static func integer(_ bytes: [UInt8], _ start: Int, _ width: Int) -> Int64 {
        var value: UInt64 = 0
        for byte in bytes[start..<start + width] { value = value << 8 | UInt64(byte) }
        return width == 8
            ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
    }
}
