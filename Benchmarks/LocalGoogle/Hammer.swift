import NIOCore
import NIOPosix

/// Sends the same request again and again over one connection and counts the answers.
///
/// It parses nothing but the first answer's length: what is measured is the server.
final class Hammer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let deadline: NIODeadline
    private let done: EventLoopPromise<Int>
    private var first = ByteBuffer()
    /// Bytes of each answer, known once the first one's head is.
    private var length: Int?
    private var received = 0
    private var answers = 0

    init(_ request: ByteBuffer, until deadline: NIODeadline, done: EventLoopPromise<Int>) {
        self.request = request
        self.deadline = deadline
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received += part.readableBytes
        if length == nil {
            first.writeBuffer(&part)
            do { length = try Self.length(of: first) } catch { return fail(context, error) }
        }
        guard let length, received >= length else { return }
        guard received == length else { return fail(context, LoadFailure.unlikeTheFirst) }
        answers += 1
        received = 0
        if NIODeadline.now() < deadline {
            context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        } else {
            done.succeed(answers)
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context, error) }

    func channelInactive(context: ChannelHandlerContext) {
        done.fail(LoadFailure.closed)
        context.fireChannelInactive()
    }

    private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }

    /// Head and body together; `nil` while the head is not complete.
    private static func length(of buffer: ByteBuffer) throws -> Int? {
        let text = String(buffer: buffer)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound]
        guard head.hasPrefix("HTTP/1.1 200") else { throw LoadFailure.refused }
        for line in head.split(separator: "\r\n")
        where line.lowercased().hasPrefix("content-length:") {
            let value = line.dropFirst("content-length:".count).filter { $0 != " " }
            guard let body = Int(value) else { break }
            return head.utf8.count + 4 + body
        }
        throw LoadFailure.noLength
    }
}

/// Why a rate could not be taken.
enum LoadFailure: Error {
    case closed
    case noLength
    case refused
    case unlikeTheFirst
}

/// Many connections at once.
struct Load {
    let connections: Int
    let seconds: Double
    let group: MultiThreadedEventLoopGroup

    /// Answers a second to one request, repeated on every connection.
    func rate(port: Int, path: String) async throws -> Double {
        let text =
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: */*\r\n"
            + "Authorization: Bearer \(Bench.token)\r\n\r\n"
        let request = ByteBuffer(string: text)
        let begin = NIODeadline.now()
        let deadline = begin + .nanoseconds(Int64(seconds * 1e9))
        let answers = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<connections {
                let done = group.next().makePromise(of: Int.self)
                tasks.addTask {
                    do {
                        _ = try await ClientBootstrap(group: group)
                            .channelInitializer { channel in
                                channel.eventLoop.makeCompletedFuture {
                                    try channel.pipeline.syncOperations.addHandler(
                                        Hammer(request, until: deadline, done: done))
                                }
                            }
                            .connect(host: "127.0.0.1", port: port).get()
                    } catch {
                        done.fail(error)
                    }
                    return try await done.futureResult.get()
                }
            }
            return try await tasks.reduce(0, +)
        }
        let taken = Double((NIODeadline.now() - begin).nanoseconds) / 1e9
        return Double(answers) / taken
    }
}
