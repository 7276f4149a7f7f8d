import GoogleEmulator
import LosslessJSON
import TandemActions
import TandemCore
import TandemFormats
import TandemStore
import WebClient

/// Plays the demonstration: every step does what the command of the same words does.
struct DemoStage: Sendable {
    let app: App
    let google: LocalGoogle
    let url: String

    var narrator: DemoNarrator { DemoNarrator(app: app) }

    /// Plays all of it.
    ///
    /// - Returns: What really happened.
    func play() async throws -> DemoFacts {
        var facts = DemoFacts(url: url)
        try narrator.part(
            "A Google of our own",
            "Tandem brings a local Google along. It holds a sample account, and forgets "
                + "everything when it ends. Nothing leaves this machine.")
        try narrator.command("emulator start --auto-consent")
        let users = google.users.joined(separator: ", ")
        try narrator.tell(["A local Google for \(users) at \(url)"])
        try await signIn(&facts)
        facts.first = try await firstSync(&facts)
        let cast = try await app.reading { [zone = app.zone] in try DemoCast($0, zone: zone) }
        try await DemoEdits(stage: self, cast: cast).play(&facts)
        try await colleague(cast, &facts)
        facts.second = try await secondSync(cast, &facts)
        try await settle(cast, &facts)
        try await showAgenda(&facts)
        facts.third = try await thirdSync()
        facts.mails = Int(google.mails)
        try narrator.remark(
            "Mails that Google would have sent to guests in all this: \(facts.mails).")
        try narrator.remark(
            "With your own account it is the same: tandem auth login --client-secrets FILE")
        return facts
    }

    // MARK: Signing in and reading

    private func signIn(_ facts: inout DemoFacts) async throws {
        try narrator.part(
            "Signing in",
            "The browser's part is played by the demonstration; the rest is the real thing: "
                + "a loopback redirect, PKCE, and a token that is sealed before it is kept.")
        try narrator.command("auth login")
        let signedIn = try await app.withStore { store in
            try await app.withGoogle { way in
                let plan = SignInPlan(mode: .acting { try await Self.act($0, way.gate) })
                return try await SignInRun(app: app, store: store, google: way).run(plan)
            }
        }
        facts.account = signedIn.item.json
        try narrator.show(SignInRun.answer(signedIn, wanted: []))
    }

    /// Does what a browser does: opens the address, and goes where it is sent.
    private static func act(_ address: WebURL, _ gate: WebGate) async throws {
        let consent = try await gate.send(
            WebRequest(url: address, maxResponseBytes: 1 << 20, label: "demo.browser"))
        guard let next = consent.headers["Location"] else {
            throw CommandFailure(.other, code: "demo", "The local Google did not consent.")
        }
        _ = try await gate.send(
            WebRequest(url: try WebURL(next), maxResponseBytes: 1 << 20, label: "demo.browser"))
    }

    /// One sync, as the command does it.
    func sync() async throws -> SyncSummary {
        try narrator.command("sync")
        let summary = try await app.withStore { store in
            try await app.withGoogle { way in
                try await SyncRun(app: app, store: store, google: way).run(.init())
            }
        }
        if summary.wasInterrupted { throw CancellationError() }
        if let failure = summary.outcomes.compactMap(\.halt).first { throw failure }
        try narrator.show(summary.answer)
        return summary
    }

    private func firstSync(_ facts: inout DemoFacts) async throws -> SyncSummary {
        try narrator.part(
            "The first sync", "Every calendar is read in full, page by page, into a local store.")
        let summary = try await sync()
        (facts.calendars, facts.events) = try await app.reading { transaction in
            let calendars = try transaction.collections.list().filter { $0.kind == .event }
            let events = try calendars.reduce(0) {
                $0 + (try transaction.resources.count(in: $1.id))
            }
            return (calendars.count, events)
        }
        return summary
    }

    // MARK: Somebody else

    private func colleague(_ cast: DemoCast, _ facts: inout DemoFacts) async throws {
        let token = try google.accessToken(for: "grace@example.com")
        let calendar = cast.shared.remoteID.rawValue
        try narrator.part(
            "Meanwhile, somebody else",
            "Grace shares the calendar 'Team' with us. She works in a program of her own, "
                + "over HTTP, with her own token:")
        let added = DemoDay(app: app).event("Retrospective", inDays: 6, hour: 16)
        facts.colleague = try await app.withGoogle { way in
            let grace = DemoColleague(google: way, token: token, calendar: calendar)
            let clash = cast.clash.resource.remoteID?.rawValue ?? ""
            let merged = cast.merged.resource.remoteID?.rawValue ?? ""
            let dropped = cast.dropped.resource.remoteID?.rawValue ?? ""
            try await grace.patch(clash, with: ["location": .string(DemoWords.herPlace)])
            try await grace.patch(
                merged, with: ["summary": .string(cast.merged.title + DemoWords.herSuffix)])
            try await grace.add(added)
            try await grace.delete(dropped)
            return [
                ["op": "patch", "field": "location", "title": .string(cast.clash.title)],
                ["op": "patch", "field": "summary", "title": .string(cast.merged.title)],
                ["op": "insert", "title": added["summary"] ?? .null],
                ["op": "delete", "title": .string(cast.dropped.title)],
            ]
        }
        try narrator.tell([
            "'\(cast.clash.title)' takes place in \(DemoWords.herPlace)",
            "'\(cast.merged.title)' is called '\(cast.merged.title)\(DemoWords.herSuffix)'",
            "'Retrospective' is new", "'\(cast.dropped.title)' is deleted",
        ])
    }

    private func secondSync(
        _ cast: DemoCast, _ facts: inout DemoFacts
    ) async throws -> SyncSummary {
        try narrator.part(
            "The second sync",
            "Both sides changed. What does not clash is merged, field by field; our edits are "
                + "sent as patches, each only while Google's copy is the one we know.")
        let summary = try await sync()
        let merged = try await app.reading { transaction in
            try transaction.resources.find(cast.merged.resource.id)?.base
        }
        if let merged, merged["location"]?.string == DemoWords.ourPlace,
            merged["summary"]?.string == cast.merged.title + DemoWords.herSuffix
        {
            facts.merged = [
                [
                    "item": .string(cast.merged.resource.id.rawValue), "mine": "location",
                    "theirs": "summary", "title": merged["summary"] ?? .null,
                    "location": merged["location"] ?? .null,
                ]
            ]
            try narrator.remark(
                "Merged: '\(cast.merged.title)' has Grace's new title and our place.")
        }
        return summary
    }

    // MARK: Settling

    private func settle(_ cast: DemoCast, _ facts: inout DemoFacts) async throws {
        try narrator.part(
            "What waits for you",
            "One place was changed on both sides. Google's value is shown until you decide; "
                + "yours is kept beside it.")
        try narrator.command("conflicts list")
        let conflicts = try await ConflictsList.answer(app)
        try narrator.show(conflicts)
        facts.conflicts = conflicts.json["items"]?.array ?? []
        for conflict in facts.conflicts {
            let id = conflict["id"]?.string ?? ""
            try narrator.command("conflicts resolve \(id) --use mine")
            let settled = try await ConflictsResolve.resolve(
                ConflictID(rawValue: id), use: .mine, EventWriting(app))
            try narrator.show(settled.item)
        }
        facts.settling = try await sync()
        try await checkSettlements(cast, &facts)
    }

    /// Counts as settled what no longer waits here and is what Google holds.
    private func checkSettlements(_ cast: DemoCast, _ facts: inout DemoFacts) async throws {
        let open = try await app.reading { try $0.conflicts.list().map(\.id.rawValue) }
        let token = try google.accessToken(for: "grace@example.com")
        let remote = try await app.withGoogle { way in
            try await DemoColleague(
                google: way, token: token, calendar: cast.shared.remoteID.rawValue
            ).get(cast.clash.resource.remoteID?.rawValue ?? "")
        }
        for conflict in facts.conflicts where !open.contains(conflict["id"]?.string ?? "") {
            guard let field = conflict["field"]?.string, let mine = conflict["mine"],
                remote?[field] == mine
            else { continue }
            facts.settled.append([
                "id": conflict["id"] ?? .null, "use": "mine", "field": .string(field),
                "value": mine,
            ])
            try narrator.remark(
                "Google now says for '\(cast.clash.title)': \(mine.shortText).")
        }
    }

    // MARK: The end

    private func showAgenda(_ facts: inout DemoFacts) async throws {
        try narrator.part(
            "The agenda", "Read from the store alone, series expanded; this works offline.")
        try narrator.command("agenda --days 4")
        let day = app.zone.wall(atUTCSeconds: app.environment.now().seconds).startOfDay
        let window = try AgendaWindow(
            from: app.zone.utcSeconds(of: day),
            to: app.zone.utcSeconds(of: day.adding(days: 4) ?? .latest), zone: app.zone)
        let view = try await AgendaView.read(window, app)
        try narrator.show(view.answer())
        facts.agenda = view.entries.map { entry, item in
            [
                "id": item["id"] ?? .null, "start": item["data"]?["start"] ?? .null,
                "title": .string(entry.title), "calendar": item["collection"]?["name"] ?? .null,
            ]
        }
    }

    private func thirdSync() async throws -> SyncSummary {
        try narrator.part("One more sync", "Both sides agree, so there is nothing to do.")
        let summary = try await sync()
        try narrator.remark(
            Counted.text(summary.requests, "request") + ", "
                + Counted.text(summary.writes, "write")
                + ": one asks for news of the list of calendars, the others of one calendar each.")
        return summary
    }
}

/// Texts that both sides of the clash use.
enum DemoWords {
    static let ourPlace = "Room Ampère"
    static let herPlace = "Room Curie, 2nd floor"
    static let herSuffix = " (postponed)"
}

/// Days of the demonstration, counted from now.
struct DemoDay {
    let app: App

    /// A timed event of an hour.
    func event(_ title: String, inDays days: Int, hour: Int) -> JSON {
        let today = app.zone.wall(atUTCSeconds: app.environment.now().seconds).startOfDay
        let start = today.adding(days: days)?.adding(seconds: hour * 3600) ?? today
        let end = start.adding(seconds: 3600) ?? start
        func time(_ wall: WallTime) -> JSON {
            [
                "dateTime": .string(wall.dateTimeText),
                "timeZone": .string(app.zone.identifier),
            ]
        }
        return ["summary": .string(title), "start": time(start), "end": time(end)]
    }
}
