import Logging
import ServiceLifecycle
import Synchronization

/// Sends what a local Google wants to post, each when it is due, and reports what became of it.
///
/// The core decides what, when and how often; here is nothing but waiting and sending.
struct PostCourier: Service {
    let google: LocalGoogle
    let clock: any Clock<Duration>
    let sender: PostSender
    let logger: Logger

    /// Works until the task is cancelled or a graceful shutdown is asked for; what is on its way
    /// then is given up.
    func run() async throws {
        await cancelWhenGracefulShutdown { await work() }
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            let (marks, wake) = google.wakes.listen()
            let alarm = Alarm()
            for await _ in marks {
                for post in google.takeDuePosts() {
                    group.addTask { await send(post) }
                }
                guard let due = google.nextDue else { continue }
                let pause = max(due - google.clock, 1)
                guard let setting = alarm.set(for: google.realNow() &+ pause) else { continue }
                group.addTask {
                    do { try await clock.sleep(for: .milliseconds(pause)) } catch {
                        return  // Cancelled: nobody waits for the alarm any more.
                    }
                    alarm.rang(setting)
                    wake()
                }
            }
            group.cancelAll()
        }
    }

    private func send(_ post: OutgoingPost) async {
        let outcome = await sender.send(post)
        if case .failed(let reason) = outcome {
            // Once is enough for people; what is behind the host's name may be secret.
            logger.log(
                level: post.attempt == 1 ? .warning : .debug,
                "A post did not arrive at \(PostTarget(post.url)?.authority ?? "its address").",
                metadata: ["reason": "\(reason)", "attempt": "\(post.attempt)"])
        }
        google.settle(post.id, outcome)
    }
}

/// The earliest moment for which somebody is being woken, by the clock that nobody can set.
private final class Alarm: Sendable {
    private let moment = Mutex<Int64?>(nil)

    /// Sets it; `nil` if it rings early enough already.
    func set(for wanted: Int64) -> Int64? {
        moment.withLock { moment in
            if let moment, moment <= wanted { return nil }
            moment = wanted
            return wanted
        }
    }

    /// Takes a setting back, unless an earlier one has taken its place.
    func rang(_ setting: Int64) {
        moment.withLock { moment in
            if moment == setting { moment = nil }
        }
    }
}
