import LosslessJSON

/// One of Google's APIs, or the sign-in, as a part of the local Google.
///
/// A service is a value without state of its own: it is a table of routes and a few functions
/// over the ``World``, in which it keeps its part. Dispatcher, snapshots and control API ask the
/// list of services and know none of them by name; a further API is one conformance more in
/// ``ServiceList/standard``. Only what has no default below must be written.
///
/// Promises: routes and functions never wait and never reach outside; time and chance are the
/// world's; whatever a client sends gets an answer in the service's own words; what can grow has a
/// limit.
protocol EmulatorService: Sendable {
    // MARK: What it serves

    /// The service's word in faults, counters, logs, snapshots: `calendar`.
    var name: String { get }
    /// How the paths begin that are the service's even where it has no method for them.
    var roots: [String] { get }
    /// Its methods; the first one that fits a request answers it.
    var routes: [Route] { get }
    /// Where its batches are posted; their parts can call this service and no other.
    var batchPath: String? { get }
    /// Whether its reads can be answered from a copy that is behind.
    var canLag: Bool { get }

    // MARK: How it fails

    /// The errors that its contract lists; faults can ask for these and no others.
    var knownFailures: [KnownFailure] { get }
    /// An error in the service's words, as faults, unknown paths and oversized bodies ask for it.
    ///
    /// The reason is one of ``knownFailures``; `nil` takes what is usual for the status.
    func refusal(_ status: Int, _ reason: String?, to call: RouteCall) -> EmulatorResponse

    /// The member of a method's answer that holds the rows of a listing; `nil` for other methods.
    func rowsMember(of methodID: String) -> String?

    // MARK: What it holds

    /// Gives a new account what everybody has.
    func welcome(_ account: Account, to world: World)
    /// Fills a new world with what its configuration asks for.
    func fill(_ world: World)
    /// Members at the top of a seed that are the service's own.
    var seedNames: [String] { get }
    /// Takes its own members out of a seed; what it did before an error is undone by its snapshot.
    func plant(_ seed: SeedFields, in world: World) throws(LocalGoogleError)
    /// Its part of a snapshot; `nil` for a service that holds nothing.
    func snapshot(of world: World) -> JSON?
    /// Reads its part of a snapshot completely and answers what puts it in place.
    func restoring(_ part: SnapshotFields?) throws(LocalGoogleError) -> (World) -> Void
    /// Notes what a snapshot leaves out, and answers what puts it back, after ``restoring(_:)``, in
    /// a world whose outbox is the same: a seed that is refused must lose nothing.
    func keeping(_ world: World) -> (World) -> Void
    /// What it holds, in numbers; the names must be the service's own.
    func counters(of world: World) -> JSONObject
    /// What an account holds of it, for people.
    func holdings(of account: Account, in world: World) -> [Holding]

    // MARK: What can be done to it

    /// The words of `expire` that are the service's, such as `calendar-cursors`.
    var expirables: [String] { get }
    /// Members by which control requests may point at a part of it, such as `calendar`.
    var targetNames: [String] { get }
    /// Ends one of ``expirables`` before its time.
    func expire(
        _ what: String, _ target: ControlTarget, in world: World) throws(LocalGoogleError)
    /// Gives what it holds new etags without changing anything else.
    func churn(_ target: ControlTarget, in world: World) throws(LocalGoogleError)
    /// Commands of its own below `/_emulator`.
    var controlRoutes: [ControlRoute] { get }

    // MARK: What it does by itself

    /// Does what has come due; called before each request and command, so it must be cheap.
    func catchUp(_ world: World)
    /// Tells those who watch of what has changed; called after each request and command, so it
    /// must be cheap.
    func followUp(_ world: World)
    /// When ``catchUp(_:)`` has something to do that somebody waits for without asking, in
    /// milliseconds since 1970; `nil` if there is no such thing.
    func nextDue(in world: World) -> Int64?
    /// Learns what became of a post that it sent.
    ///
    /// - Returns: When to try again, in milliseconds since 1970; `nil` gives up.
    func settle(_ post: OutgoingPost, _ outcome: PostOutcome, in world: World) -> Int64?
}

extension EmulatorService {
    var routes: [Route] { [] }
    var batchPath: String? { nil }
    /// Nothing is read late where there are no reads.
    var canLag: Bool { routes.contains(where: \.isRead) }
    var knownFailures: [KnownFailure] { APIFailures.known }

    func refusal(_ status: Int, _ reason: String?, to call: RouteCall) -> EmulatorResponse {
        APIFailures.response(status, reason, to: call)
    }

    func rowsMember(of methodID: String) -> String? {
        methodID.hasSuffix(".list") ? "items" : nil
    }

    func welcome(_ account: Account, to world: World) {}
    func fill(_ world: World) {}
    var seedNames: [String] { [] }
    func plant(_ seed: SeedFields, in world: World) throws(LocalGoogleError) {}
    func snapshot(of world: World) -> JSON? { nil }
    func restoring(_ part: SnapshotFields?) throws(LocalGoogleError) -> (World) -> Void {
        { _ in }
    }
    func keeping(_ world: World) -> (World) -> Void { { _ in } }
    func counters(of world: World) -> JSONObject { [:] }
    func holdings(of account: Account, in world: World) -> [Holding] { [] }

    var expirables: [String] { [] }
    var targetNames: [String] { [] }
    func expire(
        _ what: String, _ target: ControlTarget, in world: World
    ) throws(LocalGoogleError) {}
    func churn(_ target: ControlTarget, in world: World) throws(LocalGoogleError) {}
    var controlRoutes: [ControlRoute] { [] }

    func catchUp(_ world: World) {}
    func followUp(_ world: World) {}
    func nextDue(in world: World) -> Int64? { nil }
    func settle(_ post: OutgoingPost, _ outcome: PostOutcome, in world: World) -> Int64? {
        PostSchedule.nextDue(after: outcome, attempt: post.attempt, now: world.now)
    }
}

/// An API whose paths are known and answered as unknown methods, so that its requests are
/// counted and its faults have something to hit.
struct UnservedAPI: EmulatorService {
    let name: String
    let roots: [String]
    var expirables: [String] = []
    var holds: JSONObject = [:]

    func counters(of world: World) -> JSONObject { holds }
}
