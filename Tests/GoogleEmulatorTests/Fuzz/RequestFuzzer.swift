import LosslessJSON

@testable import GoogleEmulator

/// Makes requests that are almost right, the same ones for the same seed.
struct RequestFuzzer {
    private var random: SplitMix64
    /// Ids of events and tokens of pages that answers brought.
    private var seen: [String] = ["primary"]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Remembers words of an answer, so that later requests use them.
    mutating func learn(_ answer: Answer) {
        guard random.below(8) == 0 else { return }
        let json = answer.json
        let words = ["id", "nextPageToken", "nextSyncToken", "etag"].compactMap { json[$0]?.string }
        for word in words + [json["items"]?[0]?["id"]?.string].compactMap({ $0 }) {
            if seen.count < 60 {
                seen.append(word)
            } else {
                seen[random.below(seen.count)] = word
            }
        }
    }

    mutating func next() -> EmulatorRequest {
        var (method, path, query, body) = pick(RequestTemplates.all)
        path = path.replacing("{}", with: PercentCoding.encode(pick(seen)))
        var items = query
        var bytes = Array((body?.text ?? "").utf8)
        if let body, random.below(3) > 0 {
            bytes = Array(mutated(body, depth: 0).serialized(.compact))
        }
        if path.hasPrefix("/batch"), random.below(4) > 0 { bytes = Array(batch().utf8) }
        if random.below(12) == 0 { method = pick(RequestTemplates.methods) }
        if random.below(8) == 0 { path = damaged(path) }
        for _ in 0..<random.below(4) { items.append((pick(RequestTemplates.names), nasty())) }
        if random.below(6) == 0 { bytes = damaged(bytes) }
        var text = items.map { "\(PercentCoding.encode($0.0))=\(PercentCoding.encode($0.1))" }
            .joined(separator: "&")
        if random.below(20) == 0 {
            text = String(decoding: damaged(Array(text.utf8)), as: UTF8.self)
        }
        return EmulatorRequest(
            method: method, path: path, query: text, headers: headers(path), body: bytes)
    }

    // MARK: Parts

    private mutating func headers(_ path: String) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [("Host", "127.0.0.1:1")]
        if random.below(15) > 0 { headers.append(("Authorization", "Bearer \(pick(Self.tokens))")) }
        if path.hasPrefix("/batch") {
            headers.append(("Content-Type", "multipart/mixed; boundary=b"))
        } else if !path.hasPrefix("/calendar") {
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        }
        for _ in 0..<random.below(3) { headers.append((pick(Self.headerNames), nasty())) }
        return headers
    }

    private static let tokens = [
        "token-ada", "token-ada", "token-ada", "token-grace", "token-linus", "x", "",
    ]
    private static let headerNames = [
        "If-Match", "If-None-Match", "X-HTTP-Method-Override", "Content-Type", "Accept-Encoding",
        "User-Agent", "Authorization", "Host", "Origin", "Content-ID", "",
    ]

    /// A batch of a few parts, seldom a well-formed one.
    private mutating func batch() -> String {
        var text = ""
        for number in 0..<random.below(4) {
            let (method, path, _, body) = pick(RequestTemplates.all)
            let target = path.replacing("{}", with: PercentCoding.encode(pick(seen)))
            text += "--b\(pick(["\r\n", "\n", "--", ""]))"
            text +=
                "Content-Type: application/http\r\nContent-ID: \(pick(["<\(number)>", nasty()]))"
            text += "\r\n\r\n\(method) \(target)\(pick([" HTTP/1.1", "", " "]))\r\n\r\n"
            text += "\(body?.text ?? "")\r\n"
        }
        return text + pick(["--b--", "--b", ""])
    }

    private mutating func nasty() -> String {
        switch random.below(6) {
        case 0: return pick(seen)
        case 1: return String(damaged(pick(seen)))
        case 2: return String(Int64(bitPattern: random.next()))
        default: return pick(RequestTemplates.nasty)
        }
    }

    // MARK: Damage

    private mutating func mutated(_ json: JSON, depth: Int) -> JSON {
        if random.below(12) == 0 { return value(depth) }
        switch json {
        case .object(let object):
            var members = object.members.map { ($0.key, $0.value) }
            if random.below(8) == 0, !members.isEmpty {
                members.remove(at: random.below(members.count))
            }
            if random.below(8) == 0 {
                members.append((pick(RequestTemplates.members), value(depth)))
            }
            return .object(
                JSONObject(members.map { ($0.0, mutated($0.1, depth: depth + 1)) }))
        case .array(let items):
            var items = items.map { mutated($0, depth: depth + 1) }
            // Within one another they would grow without bound.
            if depth < 3, random.below(6) == 0, let first = items.first {
                items += Array(repeating: first, count: random.below(30))
            }
            return .array(items)
        case .string(let text) where random.below(10) == 0:
            return .string(damaged(text))
        default:
            return json
        }
    }

    private mutating func value(_ depth: Int) -> JSON {
        switch random.below(8) {
        case 0: return .null
        case 1: return .bool(random.below(2) == 0)
        case 2: return .number(JSONNumber(Int64(bitPattern: random.next())))
        case 3: return pick([-1, 0, 1, 2_147_483_648, 1e300, -0.5])
        case 4: return depth > 4 ? [] : [value(depth + 1), value(depth + 1)]
        case 5: return depth > 4 ? [:] : .object([pick(RequestTemplates.members): value(depth + 1)])
        case 6:
            return (0..<random.below(45)).reduce(JSON.string(nasty())) { inner, _ in [inner] }
        default: return .string(nasty())
        }
    }

    private mutating func damaged(_ text: String) -> String {
        String(decoding: damaged(Array(text.utf8)), as: UTF8.self)
    }

    private mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(3) {
            let place = random.below(bytes.count)
            switch random.below(5) {
            case 0: bytes = Array(bytes.prefix(place))
            case 1 where !bytes.isEmpty: bytes[place] = UInt8(random.below(256))
            case 2: bytes.insert(UInt8(random.below(256)), at: place)
            case 3 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(random.below(8))
            default: bytes += bytes.suffix(random.below(40))
            }
        }
        return bytes
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[random.below(choices.count)]
    }
}
