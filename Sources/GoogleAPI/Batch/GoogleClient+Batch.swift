import Foundation
import LosslessJSON
import WebClient

extension GoogleClient {
    /// The most calls that one batch may hold: 50.
    public static let maxBatchCalls = BatchBody.maxParts

    /// Sends several calls of one service in one request; Google runs them in any order.
    ///
    /// Each call has its own outcome. Calls answered with 401 are sent once more, in a second
    /// batch, with a fresh token; nothing else is repeated. A call whose part is missing from the
    /// answer, or all of them when no complete answer came, may have been applied.
    ///
    /// - Parameter calls: At most ``maxBatchCalls``, all of one service.
    /// - Returns: One outcome per call, in the order given.
    /// - Throws: ``GoogleError`` with code `invalidCall` when nothing could be sent as asked, or
    ///   `signIn`/`signInUnavailable` when no token could be had: then nothing was sent.
    public func batch(
        _ calls: [GoogleCall]
    ) async throws(GoogleError) -> [Result<GoogleAnswer, GoogleError>] {
        guard let first = calls.first else { return [] }
        guard calls.count <= Self.maxBatchCalls,
            calls.allSatisfy({ $0.service == first.service })
        else {
            throw GoogleError(
                invalid: "A batch holds at most \(Self.maxBatchCalls) calls of one service.")
        }
        let url = first.service.batchURL(in: endpoints)
        // What cannot be written as HTTP would break into the other parts: it stays here.
        var outcomes = calls.map { BatchOutcome(result: .failure(.unsendable($0))) }
        let sendable = calls.indices.filter { isSendable(calls[$0]) }
        guard !sendable.isEmpty else { return outcomes.map(\.result) }
        let token = try await self.token(for: first)
        let answers = await attempt(sendable.map { calls[$0] }, at: url, token: token)
        for (index, answer) in zip(sendable, answers) { outcomes[index] = answer }
        let refused = outcomes.indices.filter { outcomes[$0].isUnauthorized }
        guard !refused.isEmpty else { return outcomes.map(\.result) }
        do {
            let next = try await self.token(for: first, replacing: token)
            let again = await attempt(refused.map { calls[$0] }, at: url, token: next)
            for (index, answer) in zip(refused, again) { outcomes[index] = answer }
        } catch {
            for index in refused {
                outcomes[index] = BatchOutcome(result: .failure(error.about(calls[index])))
            }
        }
        return outcomes.map(\.result)
    }

    private func isSendable(_ call: GoogleCall) -> Bool {
        headers(of: call).areValid
            && target(of: call, below: call.service.url(in: endpoints)).isValid
            && !call.method.isEmpty && call.method.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    private func attempt(
        _ calls: [GoogleCall], at url: WebURL, token: AccessToken
    ) async -> [BatchOutcome] {
        let body = BatchBody(parts: calls.enumerated().map(part), boundary: Self.boundary(calls))
        let request = WebRequest(
            method: "POST", url: url, headers: ["Content-Type": body.contentType],
            body: body.bytes, label: "batch")
        let response: WebResponse
        do {
            var authorised = request
            authorised.headers["Authorization"] = "Bearer \(token.value)"
            response = try await gate.send(authorised)
        } catch {
            return calls.map { BatchOutcome(result: .failure(GoogleError($0, transport: error))) }
        }
        let time = now()
        guard (200...299).contains(response.status) else {
            // The batch as a whole was refused: every call was, with the same words.
            return calls.map { BatchOutcome(AnswerReader(call: $0, now: time), response) }
        }
        let answer: BatchAnswer
        do { answer = try BatchAnswer(response) } catch {
            return calls.map {
                BatchOutcome(result: .failure(.unreadable($0, why: "it is not a batch answer")))
            }
        }
        return calls.enumerated().map { index, call in
            guard let part = answer.parts[Self.contentID(index)] else {
                return BatchOutcome(result: .failure(.missingPart(call)))
            }
            return BatchOutcome(AnswerReader(call: call, now: time), part)
        }
    }

    private func part(_ index: Int, _ call: GoogleCall) -> BatchBody.Part {
        BatchBody.Part(
            contentID: Self.contentID(index), method: call.method,
            target: target(of: call, below: call.service.url(in: endpoints)).target,
            headers: headers(of: call), body: call.sentBody)
    }

    private static func contentID(_ index: Int) -> String { "call-\(index)" }

    /// A boundary that no body holds.
    private static func boundary(_ calls: [GoogleCall]) -> String {
        var number = 0
        while true {
            let candidate = "batch_tandem_\(number)"
            let needle = Array("--\(candidate)".utf8)
            let isFree = calls.allSatisfy { call in
                call.body.map { $0.firstRange(of: needle) == nil } ?? true
            }
            if isFree { return candidate }
            number += 1
        }
    }
}

/// One call's outcome inside a batch.
private struct BatchOutcome {
    var result: Result<GoogleAnswer, GoogleError>

    init(result: Result<GoogleAnswer, GoogleError>) { self.result = result }

    init(_ reader: AnswerReader, _ response: WebResponse) {
        do { result = .success(try reader.read(response)) } catch { result = .failure(error) }
    }

    var isUnauthorized: Bool {
        guard case .failure(let error) = result else { return false }
        return error.status == 401
    }
}

extension GoogleError {
    static func unsendable(_ call: GoogleCall) -> GoogleError {
        GoogleError(
            code: .invalidCall,
            message:
                "\(call) holds an address or header that HTTP does not allow; it was not sent.",
            service: call.service, method: call.name)
    }

    static func missingPart(_ call: GoogleCall) -> GoogleError {
        GoogleError(
            code: .missingPart,
            message: "The batch's answer says nothing about \(call); look whether it happened "
                + "before sending it again.",
            service: call.service, method: call.name, mayHaveBeenApplied: call.effect == .write)
    }

    func about(_ call: GoogleCall) -> GoogleError {
        var copy = self
        copy.service = call.service
        copy.method = call.name
        return copy
    }
}
