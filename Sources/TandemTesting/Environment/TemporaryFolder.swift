import Foundation

/// Lends an empty folder that is gone afterwards.
///
/// - Parameter body: What is done in it, by its path.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or the file system's error.
public func withTemporaryFolder<Value>(
    _ body: (String) async throws -> Value
) async throws -> Value {
    var template = Array("\(NSTemporaryDirectory())/tandem-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
        throw CocoaError(.fileWriteUnknown)
    }
    let path = template.withUnsafeBufferPointer { buffer in
        String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    defer { removeFolder(path) }
    return try await body(path)
}

private func removeFolder(_ path: String) {
    do {
        try FileManager.default.removeItem(atPath: path)
    } catch {
        // What is left over lies in the system's folder for that.
        print("Could not remove \(path): \(error)")
    }
}
