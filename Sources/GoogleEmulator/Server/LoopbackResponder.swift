import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// A request's connection, so that a fault can cut it.
struct ConnectionContext: InitializableFromSource, RequestContext {
    typealias Source = ApplicationRequestContextSource

    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Carries requests to the local Google and its answers back.
struct LoopbackResponder: HTTPResponder {
    typealias Context = ConnectionContext

    let google: LocalGoogle
    let clock: any Clock<Duration>
    let bodyLimit: Int
    let bodies: BodyRoom
    let turns: RequestTurns

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        // What is no HTTP never comes here: the server itself answers 400 without a body and
        // closes the connection, because such a request has neither a path nor an API.
        let asked = EmulatorRequest(
            method: request.method.rawValue, target: request.head.path ?? "/",
            headers: Self.headers(of: request.head))
        let limit = ControlAPI.isCommand(asked) ? LocalGoogle.maxDataBytes : bodyLimit
        let raw: EmulatorResponse
        do {
            raw = try await bodies.lend(request.body, upTo: limit) { body in
                var whole = asked
                whole.body = body
                return await turns.answer(whole)
            }
        } catch BodyRoom.Refusal.tooLarge {
            return Self.response(google.refuseBody(of: asked), to: asked, context)
        } catch BodyRoom.Refusal.noRoom {
            return Self.response(google.refuseForNow(asked), to: asked, context)
        }
        let answer = Compression.applied(to: raw, for: asked)
        if answer.delayMilliseconds > 0 { await hold(for: answer.delayMilliseconds) }
        return Self.response(answer, to: asked, context)
    }

    /// Holds an answer back; a stop lets it go.
    private func hold(for milliseconds: Int) async {
        do {
            try await cancelWhenGracefulShutdown {
                try await clock.sleep(for: .milliseconds(milliseconds))
            }
        } catch {
            return  // The server stops: what is to be said is said now.
        }
    }

    /// The header fields, with the authority in its old place, `Host`.
    private static func headers(of head: HTTPRequest) -> [(name: String, value: String)] {
        var headers = head.headerFields.map { (name: $0.name.rawName, value: $0.value) }
        if let authority = head.authority { headers.append(("Host", authority)) }
        return headers
    }

    private static func response(
        _ answer: EmulatorResponse, to request: EmulatorRequest, _ context: ConnectionContext
    ) -> Response {
        let body: ResponseBody
        switch answer.cut {
        case .before, .after:
            context.channel.close(promise: nil)
            return Response(status: .internalServerError)
        case nil where request.method == "HEAD":
            // The length of what a GET would bring, and nothing of it.
            body = ResponseBody(contentLength: answer.bodyCount) { try await $0.finish(nil) }
        case .within(let bytes):
            body = part(of: answer.body, bytes: bytes, context.channel)
        case nil where answer.bodyCount == 0:
            body = ResponseBody()
        case nil:
            var buffer = ByteBufferAllocator().buffer(capacity: answer.bodyCount)
            for piece in answer.pieces { buffer.writeBytes(piece) }
            body = ResponseBody(byteBuffer: buffer)
        }
        var fields = HTTPFields()
        for header in answer.headers {
            guard let name = Self.name(header.name) else { continue }
            fields.append(HTTPField(name: name, value: header.value))
        }
        let status = HTTPResponse.Status(
            code: answer.status, reasonPhrase: HTTPReason.phrase(answer.status))
        return Response(status: status, headers: fields, body: body)
    }

    /// The names that almost every answer has need not be made anew each time.
    private static func name(_ text: String) -> HTTPField.Name? {
        switch text {
        case "Content-Type": .contentType
        case "ETag": .eTag
        case "Vary": .vary
        default: HTTPField.Name(text)
        }
    }

    /// The first bytes of a body whose full length was announced, then the end of the connection.
    private static func part(
        of body: [UInt8], bytes: Int, _ channel: any Channel
    ) -> ResponseBody {
        ResponseBody(contentLength: body.count) { writer in
            let sent = body.prefix(bytes)
            if !sent.isEmpty { try await writer.write(ByteBuffer(bytes: sent)) }
            // The output's end waits for what is still to be written; all of it at once would not.
            try await channel.close(mode: .output).get()
            channel.close(promise: nil)
        }
    }
}
