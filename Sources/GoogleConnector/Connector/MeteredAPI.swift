import GoogleAPI
import LosslessJSON
import Synchronization
import TandemSync

/// The Calendar API, with a count of what goes over the wire.
struct MeteredAPI: Sendable {
    private let api: CalendarAPI
    private let meter = TrafficMeter()

    init(_ api: CalendarAPI) { self.api = api }

    var traffic: Traffic { meter.traffic }

    func send(_ call: CalendarCall) async throws(GoogleError) -> GoogleAnswer {
        do throws(GoogleError) {
            let answer = try await api.send(call)
            meter.count(bytes: answer.document?.bytes.count ?? 0)
            return answer
        } catch {
            if !error.isUnsent { meter.count(bytes: 0) }
            throw error
        }
    }

    func page(_ call: CalendarCall) async throws(GoogleError) -> GooglePage {
        do throws(GoogleError) {
            let page = try await api.page(call)
            meter.count(bytes: page.document.bytes.count)
            return page
        } catch {
            if !error.isUnsent { meter.count(bytes: 0) }
            throw error
        }
    }

    /// Sends calls in one request; if that cannot be sent at all, each of them failed alike.
    func batch(_ calls: [CalendarCall]) async -> [Result<GoogleAnswer, GoogleError>] {
        do throws(GoogleError) {
            let outcomes = try await api.batch(calls)
            let bytes = outcomes.reduce(0) { sum, outcome in
                guard case .success(let answer) = outcome else { return sum }
                return sum + (answer.document?.bytes.count ?? 0)
            }
            meter.count(bytes: bytes)
            return outcomes
        } catch {
            if !error.isUnsent { meter.count(bytes: 0) }
            return calls.map { _ in .failure(error) }
        }
    }
}

/// Counts what goes over the wire.
final class TrafficMeter: Sendable {
    private let counted = Mutex(Traffic())

    var traffic: Traffic { counted.withLock { $0 } }

    func count(bytes: Int) {
        counted.withLock {
            $0.requests += 1
            $0.bytes += bytes
        }
    }
}
