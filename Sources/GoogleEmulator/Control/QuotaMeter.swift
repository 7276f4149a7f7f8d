import LosslessJSON
import TandemFormats

/// The quotas of every API that has some.
struct QuotaBook {
    private(set) var meters: [(api: String, meter: QuotaMeter)] = []

    /// Begins to count, or to count anew.
    mutating func set(_ quota: LocalGoogle.Quota, api: String) {
        _ = remove(api)
        meters.append((api, QuotaMeter(quota)))
    }

    /// Lifts one API's quotas, or all of them.
    mutating func remove(_ api: String?) -> Bool {
        let before = meters.count
        meters.removeAll { api == nil || $0.api == api }
        return api == nil || meters.count < before
    }

    /// Counts a request, unless there is no room for it: then answers why.
    mutating func refusal(of call: RouteCall) -> EmulatorResponse? {
        guard !meters.isEmpty,
            let index = meters.firstIndex(where: { $0.api == call.service.name })
        else { return nil }
        return meters[index].meter.refusal(of: call)
    }

    var json: JSON {
        .array(meters.map { QuotaRequest.json($0.meter.quota, api: $0.api) })
    }
}

/// Counts the requests of one API against its quotas.
struct QuotaMeter {
    let quota: LocalGoogle.Quota
    private var project = MinuteWindow()
    private var users: [String: MinuteWindow] = [:]
    private var day = Int.min
    private var today = 0
    private var writes: [String: Int] = [:]

    /// So many users are told apart; what comes beyond them is counted as one.
    private static let maxUsers = 10_000

    init(_ quota: LocalGoogle.Quota) {
        self.quota = quota
    }

    /// A limit that is reached, and after how many seconds there is room again.
    private struct Reached {
        let reason: String
        let wait: Int64
    }

    mutating func refusal(of call: RouteCall) -> EmulatorResponse? {
        let now = Stamp.floorDivision(call.world.now, 1000)
        let user = self.user(of: call)
        let isWrite = call.route?.isRead == false
        roll(to: now, user)
        guard let reached = reached(now, user, isWrite: isWrite) else {
            count(user, isWrite: isWrite)
            return nil
        }
        let known = call.service.knownFailures.first { $0.reason == reached.reason }
        let status = known.flatMap { $0.statuses.contains(quota.status) ? quota.status : nil }
        var response = call.service.refusal(status ?? 403, reached.reason, to: call)
        if let form = quota.retryAfter {
            let text = RetryAfter.text(reached.wait, form, now: call.world.now)
            response.headers.append(("Retry-After", text))
        }
        return response
    }

    /// Who asks; a request without a valid token counts for the project alone.
    private func user(of call: RouteCall) -> String? {
        let query = Parameters(formEncoded: call.request.query)
        guard let token = call.world.bearerToken(of: call.request, query: query),
            let user = call.world.credential(token)?.user
        else { return nil }
        return users[user] != nil || users.count < Self.maxUsers ? user : ""
    }

    private mutating func roll(to now: Int64, _ user: String?) {
        project.roll(to: now)
        if let user { users[user, default: MinuteWindow()].roll(to: now) }
        let date = PacificDay.number(now)
        guard date != day else { return }
        day = date
        today = 0
        writes = [:]
    }

    private func reached(_ now: Int64, _ user: String?, isWrite: Bool) -> Reached? {
        if let limit = quota.perProjectPerDay, today >= limit {
            return Reached(reason: "dailyLimitExceeded", wait: PacificDay.rest(now))
        }
        if let user, isWrite, let limit = quota.writesPerUserPerDay, writes[user] ?? 0 >= limit {
            return Reached(reason: "quotaExceeded", wait: PacificDay.rest(now))
        }
        if let user, let limit = quota.perUserPerMinute, let window = users[user],
            window.total >= limit
        {
            return Reached(reason: "userRateLimitExceeded", wait: window.wait)
        }
        if let limit = quota.perProjectPerMinute, project.total >= limit {
            return Reached(reason: "rateLimitExceeded", wait: project.wait)
        }
        return nil
    }

    private mutating func count(_ user: String?, isWrite: Bool) {
        today += 1
        project.add()
        guard let user else { return }
        users[user]?.add()
        if isWrite { writes[user, default: 0] += 1 }
    }
}

/// How much there was in the last 60 seconds, to the second.
struct MinuteWindow {
    private var counts = [Int](repeating: 0, count: 60)
    /// The second up to which is counted.
    private var last = Int64.min
    private(set) var total = 0

    /// Goes on to that second; a clock that was set back begins anew.
    mutating func roll(to now: Int64) {
        let isFar = now < last || last == .min || now &- last >= 60
        if isFar {
            counts = [Int](repeating: 0, count: 60)
            total = 0
        } else {
            for second in stride(from: last + 1, through: now, by: 1) {
                total -= counts[Self.place(second)]
                counts[Self.place(second)] = 0
            }
        }
        last = now
    }

    mutating func add() {
        counts[Self.place(last)] += 1
        total += 1
    }

    /// After how many seconds something leaves the window; a minute for an empty one.
    var wait: Int64 {
        for age in stride(from: Int64(59), through: 0, by: -1)
        where counts[Self.place(last &- age)] > 0 {
            return 60 - age
        }
        return 60
    }

    private static func place(_ second: Int64) -> Int { Int((second % 60 + 60) % 60) }
}

/// Days as Google's quotas count them.
///
/// - SeeAlso: Google Cloud documentation, "Quotas": daily quotas reset at midnight Pacific time.
enum PacificDay {
    private static let zone = Zones.rules("America/Los_Angeles") ?? .utc

    static func number(_ seconds: Int64) -> Int {
        zone.wall(atUTCSeconds: seconds).dayNumber
    }

    /// Seconds until the next day begins.
    static func rest(_ seconds: Int64) -> Int64 {
        let today = zone.wall(atUTCSeconds: seconds).startOfDay
        guard let next = today.adding(days: 1) else { return 86_400 }
        return max(zone.utcSeconds(of: next) &- seconds, 1)
    }
}
