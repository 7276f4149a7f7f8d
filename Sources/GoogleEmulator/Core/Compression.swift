import CZlib

/// Compressed answers, for clients that ask for them as Google wants to be asked.
///
/// - SeeAlso: Google Calendar API guide, "Performance tips", section "Using gzip"; RFC 9110
///   section 12.5.3.
enum Compression {
    /// Shorter bodies are sent as they are: they fit into one packet either way.
    static let leastBytes = 1024

    /// The answer, compressed where the client takes gzip and says so in its `User-Agent`, too.
    ///
    /// What a fault cuts within its body stays as it is, so that the cut is where it was wanted.
    static func applied(
        to response: EmulatorResponse, for request: EmulatorRequest
    ) -> EmulatorResponse {
        guard response.bodyCount >= leastBytes, response.cut == nil else { return response }
        var answer = response
        answer.headers.append(("Vary", "Accept-Encoding, User-Agent"))
        guard isWanted(by: request), let bytes = gzip(response.body) else { return answer }
        answer.headers.append(("Content-Encoding", "gzip"))
        answer.body = bytes
        return answer
    }

    private static func isWanted(by request: EmulatorRequest) -> Bool {
        guard let accepted = request.header("Accept-Encoding"),
            let agent = request.header("User-Agent")
        else { return false }
        return agent.lowercased().contains("gzip") && takesGzip(accepted)
    }

    /// Whether a list such as `deflate, gzip;q=0.5` takes gzip.
    static func takesGzip(_ list: String) -> Bool {
        list.lowercased().split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard parts.first == "gzip" else { return false }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            return weight.map { (Double($0) ?? 0) > 0 } ?? true
        }
    }

    /// The bytes as one gzip member; `nil` if that is not shorter.
    static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        let packed = [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            count = bytes.withUnsafeBufferPointer { input in
                czl_gzip(input.baseAddress, input.count, output.baseAddress, output.count)
            }
        }
        return packed.isEmpty || packed.count >= bytes.count ? nil : packed
    }
}
