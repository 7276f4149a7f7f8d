import HTTPTypes
import Hummingbird
import NIOCore

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

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: LocalGoogleServer.maxBodyBytes)
        } catch is NIOTooManyBytesError {
            return Response(status: .contentTooLarge)
        }
        let answer = google.handle(
            EmulatorRequest(
                method: request.method.rawValue, target: request.head.path ?? "/",
                headers: Self.headers(of: request.head), body: Array(body.readableBytesView)))
        if answer.delayMilliseconds > 0 {
            try await clock.sleep(for: .milliseconds(answer.delayMilliseconds))
        }
        if answer.cut != nil {
            context.channel.close(promise: nil)
            return Response(status: .internalServerError)
        }
        return Self.response(answer)
    }

    /// The header fields, with the authority in its old place, `Host`.
    private static func headers(of head: HTTPRequest) -> [(name: String, value: String)] {
        var headers = head.headerFields.map { (name: $0.name.rawName, value: $0.value) }
        if let authority = head.authority { headers.append(("Host", authority)) }
        return headers
    }

    private static func response(_ answer: EmulatorResponse) -> Response {
        var fields = HTTPFields()
        for header in answer.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            fields.append(HTTPField(name: name, value: header.value))
        }
        let status = HTTPResponse.Status(
            code: answer.status, reasonPhrase: HTTPReason.phrase(answer.status))
        let body =
            answer.body.isEmpty
            ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        return Response(status: status, headers: fields, body: body)
    }
}
