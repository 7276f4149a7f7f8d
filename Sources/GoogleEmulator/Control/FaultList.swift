import LosslessJSON

/// The failures that wait for their requests.
struct FaultList {
    private var faults: [Armed] = []
    private var lastID: UInt64 = 0
    /// How many pages have been changed; while there were none, no page token is twisted.
    private var changedPages = 0

    /// More of them than this cannot wait.
    static let limit = 1000

    /// A fault with what it has seen so far.
    struct Armed {
        let id: String
        let fault: LocalGoogle.Fault
        let pattern: PathPattern?
        /// The services that know the fault's error.
        let services: [String]
        /// What unreadable bytes are drawn from.
        let seed: UInt64
        var seen = 0

        func matches(_ call: RouteCall) -> Bool {
            guard fault.api == nil || fault.api == call.service.name else { return false }
            guard !fault.needsKnowledge || services.contains(call.service.name) else {
                return false
            }
            if let method = fault.method, method.uppercased() != call.request.method,
                method != call.methodID
            {
                return false
            }
            return pattern.map { $0.occurs(in: call.request.path) } ?? true
        }
    }

    /// Takes a fault in.
    ///
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` for senseless values and
    ///   `limitReached` where too many wait.
    mutating func add(
        _ fault: LocalGoogle.Fault, among services: ServiceList
    ) throws(LocalGoogleError) -> String {
        try FaultRules.check(fault, among: services)
        guard faults.count < Self.limit else {
            throw LocalGoogleError(
                code: .limitReached,
                message: "\(Self.limit) faults wait already; take some back first.")
        }
        let pattern = try fault.path.map { path throws(LocalGoogleError) in try Self.pattern(path) }
        lastID += 1
        faults.append(
            Armed(
                id: "fault-\(lastID)", fault: fault, pattern: pattern,
                services: FaultRules.candidates(fault, among: services).map(\.name), seed: lastID))
        return "fault-\(lastID)"
    }

    private static func pattern(_ path: String) throws(LocalGoogleError) -> PathPattern {
        do { return try PathPattern(path) } catch {
            throw .invalidCommand(
                "The path is no regular expression that is taken here, because \(error.reason).")
        }
    }

    /// The fault that hits this request, if any.
    ///
    /// The request counts for every other fault, too, but one whose turn it is as well keeps it for
    /// the next request: of two faults of one request, the second one follows the first.
    mutating func take(_ call: RouteCall) -> Armed? {
        guard !faults.isEmpty else { return nil }
        return take(call) { $0.page == nil }
    }

    /// Lets the fault of pages that hits this answer, if any, change it, and names the fault.
    mutating func twist(_ response: inout EmulatorResponse, to call: RouteCall) -> String? {
        guard !faults.isEmpty, faults.contains(where: { $0.fault.page != nil }),
            var page = ListedPage(response, to: call),
            let armed = take(call, where: { $0.page.map(page.suits) ?? false }),
            let kind = armed.fault.page
        else { return nil }
        changedPages += 1
        page.apply(kind, number: changedPages)
        response = page.answer
        return armed.id
    }

    /// The request with page tokens of ours replaced by those that they stand for.
    func untwisted(_ request: EmulatorRequest) -> EmulatorRequest {
        changedPages == 0 ? request : TwistedToken.untwisted(request)
    }

    private mutating func take(
        _ call: RouteCall, where fits: (LocalGoogle.Fault) -> Bool
    ) -> Armed? {
        var hit: Armed?
        for index in faults.indices
        where fits(faults[index].fault) && faults[index].matches(call) {
            var armed = faults[index]
            armed.seen += 1
            let isDue =
                armed.seen >= armed.fault.nth
                && armed.seen - armed.fault.nth < armed.fault.times
            if isDue, hit != nil { continue }
            if isDue { hit = armed }
            faults[index] = armed
        }
        faults.removeAll { $0.seen - $0.fault.nth >= $0.fault.times - 1 && $0.seen >= $0.fault.nth }
        return hit
    }

    /// Forgets one fault, or all of them.
    mutating func remove(_ id: String?) -> Bool {
        let before = faults.count
        faults.removeAll { id == nil || $0.id == id }
        return id == nil || faults.count < before
    }

    /// Those that wait, the first one first.
    var waiting: [Armed] { faults }
}

/// Which faults make sense.
enum FaultRules {
    /// - Throws: `invalidCommand` with what would be right.
    static func check(
        _ fault: LocalGoogle.Fault, among services: ServiceList
    ) throws(LocalGoogleError) {
        guard fault.nth >= 1, fault.times >= 1 else {
            throw .invalidCommand("A fault needs nth and times of at least 1.")
        }
        guard fault.status.map({ (200...599).contains($0) }) ?? true else {
            throw .invalidCommand("A fault's status must lie between 200 and 599.")
        }
        guard (0...600_000).contains(fault.delayMilliseconds) else {
            throw .invalidCommand("A fault's delay must lie between 0 and 600000 milliseconds.")
        }
        guard fault.retryAfter.map({ (0...1_000_000_000).contains($0) }) ?? true else {
            throw .invalidCommand("A fault's retryAfter must lie between 0 and 1000000000 seconds.")
        }
        if case .within(let bytes) = fault.cut, bytes < 0 {
            throw .invalidCommand("A fault cannot cut before the body's first byte.")
        }
        guard fault.page == nil || fault.isOnlyAboutPages else {
            throw .invalidCommand(
                "A fault of a page goes with api, method, path, nth and times alone.")
        }
        guard fault.body.map({ $0.utf8.count <= 1 << 20 }) ?? true else {
            throw .invalidCommand("A fault's body may hold 1 MiB.")
        }
        try checkEffects(fault)
        try checkListing(fault, among: services)
        if let api = fault.api, services[api] == nil {
            let names = services.all.map(\.name).joined(separator: ", ")
            throw .invalidCommand("A fault's api is one of \(names).")
        }
        if let method = fault.method {
            try MethodNames(api: fault.api, services: services).check(method)
        }
        guard fault.needsKnowledge, candidates(fault, among: services).isEmpty else { return }
        throw unknown(fault, among: services)
    }

    /// What was asked for happens, or is refused: a test must not pass by a fault that did nothing.
    private static func checkEffects(_ fault: LocalGoogle.Fault) throws(LocalGoogleError) {
        let answersItself = fault.status != nil || fault.reason != nil
        let changesBody = fault.body != nil || fault.isGarbage
        guard
            answersItself || changesBody || fault.page != nil || fault.cut != nil
                || fault.delayMilliseconds > 0 || fault.retryAfter != nil
        else {
            throw .invalidCommand(
                "A fault needs an effect: a status or reason, a body, garbage, a delay, a cut, or "
                    + "a page.")
        }
        guard fault.retryAfter == nil || answersItself else {
            throw .invalidCommand("A fault's retryAfter goes with a status or a reason.")
        }
        guard fault.retryAfter != nil || fault.retryAfterForm == .seconds else {
            throw .invalidCommand("A fault's retryAfterForm goes with retryAfter.")
        }
        guard fault.cut != .before && fault.cut != .after || !answersItself && !changesBody else {
            throw .invalidCommand(
                "A fault that cuts before or after the answer has no status, reason or body.")
        }
    }

    /// A page can be wrong only where a listing is answered.
    private static func checkListing(
        _ fault: LocalGoogle.Fault, among services: ServiceList
    ) throws(LocalGoogleError) {
        guard fault.page != nil else { return }
        let asked = services.all.filter { fault.api == nil || fault.api == $0.name }
        // An API that is unknown is refused in other words.
        let canHit =
            asked.isEmpty
            || asked.contains { service in
                service.routes.contains { route in
                    let isAsked =
                        fault.method.map { $0 == route.id || $0.uppercased() == route.method }
                        ?? true
                    return isAsked && service.rowsMember(of: route.id) != nil
                }
            }
        guard canHit else {
            throw .invalidCommand(
                "A fault of a page needs a listing, such as calendar's events.list; what it is for "
                    + "answers none.")
        }
    }

    /// The services that know the error which a fault asks for.
    static func candidates(
        _ fault: LocalGoogle.Fault, among services: ServiceList
    ) -> [any EmulatorService] {
        (services.all + [services.nobody]).filter { service in
            guard fault.api == nil || fault.api == service.name else { return false }
            return service.knownFailures.contains { known in
                (fault.reason == nil || known.reason == fault.reason)
                    && (fault.status.map { known.statuses.contains($0) } ?? true)
            }
        }
    }

    /// The errors that can be asked for: `{"reason","statuses","apis"}`, the usual status first.
    static func reasons(of services: [any EmulatorService]) -> [JSON] {
        var found: [(failure: KnownFailure, apis: [String])] = []
        for service in services {
            for failure in service.knownFailures {
                if let index = found.firstIndex(where: { $0.failure == failure }) {
                    found[index].apis.append(service.name)
                } else {
                    found.append((failure, [service.name]))
                }
            }
        }
        return found.map { known in
            [
                "reason": .string(known.failure.reason),
                "statuses": .array(known.failure.statuses.map { .int(Int64($0)) }),
                "apis": .strings(known.apis),
            ]
        }
    }

    private static func unknown(
        _ fault: LocalGoogle.Fault, among services: ServiceList
    ) -> LocalGoogleError {
        if let sentence = halfRight(fault, among: services) { return .invalidCommand(sentence) }
        let asked = [fault.reason.map { "the reason \($0)" }, fault.status.map { "status \($0)" }]
            .compactMap { $0 }.joined(separator: " and ")
        let lists = services.all.filter { fault.api == nil || fault.api == $0.name }.map {
            service in
            let failures = service.knownFailures
            // What half fits is what was meant, most likely.
            let near = failures.filter { isNear($0, fault) }
            let known = (near + failures.filter { !isNear($0, fault) }).map { failure in
                "\(failure.reason) (\(failure.statuses.map(String.init).joined(separator: "/")))"
            }
            return (names: service.name, known: NameList.text(known))
        }
        // Services that share a table are named together.
        var texts: [(names: String, known: String)] = []
        for list in lists {
            if let index = texts.firstIndex(where: { $0.known == list.known }) {
                texts[index].names += ", " + list.names
            } else {
                texts.append(list)
            }
        }
        let all = texts.map { "\($0.names): \($0.known)" }.joined(separator: "; ")
        return .invalidCommand(
            "No error is known with \(asked). Known are, for \(all). "
                + "'tandem emulator fault reasons' lists them all.")
    }

    /// What a reason that is known comes with, where the status is another one.
    private static func halfRight(
        _ fault: LocalGoogle.Fault, among services: ServiceList
    ) -> String? {
        guard let reason = fault.reason, let status = fault.status else { return nil }
        let statuses = services.all.filter { fault.api == nil || fault.api == $0.name }
            .flatMap(\.knownFailures).filter { $0.reason == reason }.flatMap(\.statuses)
        guard !statuses.isEmpty else { return nil }
        let known = Set(statuses).sorted().map { "\($0)" }.joined(separator: " or ")
        return "\(reason) comes with \(known), not with \(status)."
    }

    private static func isNear(_ known: KnownFailure, _ fault: LocalGoogle.Fault) -> Bool {
        known.reason == fault.reason || fault.status.map(known.statuses.contains) == true
    }
}
