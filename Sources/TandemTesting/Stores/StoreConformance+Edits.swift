import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let createChecks: [Check] = [
        Check("a resource made here has a name, waits, and is logged once") { world async throws in
            let note = try await world.create(["title": "Lunch", "x": [1, .null]])
            let remoteID = try #require(note.remoteID)
            #expect(remoteID.rawValue.utf8.count == 26)
            #expect(note.live?["id"]?.string == remoteID.rawValue)
            #expect(note.base == nil && note.isDirty && note.editNumber == 1)
            #expect(note.acknowledgedEdit == 0 && note.run == world.run)
            #expect(try await world.reread(note) == note)
            let log = try await world.log()
            #expect(log.count == 1)
            #expect(log[0].verb == .created && log[0].origin == .local)
            #expect(log[0].resource == note.id && log[0].title == "Lunch")
            #expect(log[0].operation == note.operation && log[0].run == world.run)
            #expect(log[0].after == note.live && log[0].before == nil)
            #expect(
                log[0].actor
                    == ChangeActor(name: "ada", email: "ada@example.com", certainty: .known))
        },
        Check("a resource keeps the name that it brings, unless it is taken") {
            world async throws in
            let note = try await world.create(["id": "mine", "title": "x"])
            #expect(note.remoteID == RemoteID(rawValue: "mine"))
            await expectDomainFailure(.invalid) { try await world.create(["id": "mine"]) }
            try await world.pull("theirs")
            await expectDomainFailure(.invalid) { try await world.create(["id": "theirs"]) }
            #expect(try await world.log().count == 1)
        },
        Check("something gone comes back with its id when it is made again") { world async throws in
            let first = try await world.pull("s_a", ["seriesId": "s", "slot": "a"])
            try await world.update(first) { $0.deletedAt = Timestamp(milliseconds: 1) }
            let again = try await world.create(["seriesId": "s", "slot": "a", "title": "back"])
            #expect(again.id == first.id && again.remoteID?.rawValue == "s_a")
            #expect(again.base == nil && again.deletedAt == nil && again.isDirty)
            #expect(again.editNumber == 1)
        },
        Check("nothing is made where the account may not write, or what the rules refuse") {
            world async throws in
            for access in [CollectionAccess.read, .freeBusy] {
                let place = try await world.collection("\(access)", access: access)
                await expectDomainFailure(.denied) { try await world.create([:], in: place) }
            }
            let gone = try await world.collection("gone", isGone: true)
            await expectDomainFailure(.denied) { try await world.create([:], in: gone) }
            for bad: JSON in [[], "text", ["title": 5], ["from": 9, "to": 1], .null] {
                await expectDomainFailure(.invalid) { try await world.create(bad) }
            }
            let (work, run) = (world.work, world.run)
            await expectDomainFailure(.unknownKind, or: .invalid) {
                try await world.store.write {
                    try $0.createLocally(
                        [:], kind: Kind(rawValue: "other"), in: work, run: run)
                }
            }
            #expect(try await world.log().isEmpty)
            #expect(try await world.store.read { try $0.resources.list() }.isEmpty)
        },
    ]

    static let editChecks: [Check] = [
        Check("an edit waits, counts up, and is logged part by part in raw values") {
            world async throws in
            let note = try await world.pull("n1", ["title": "old", "x": 1, "from": 1, "to": 2])
            let once = try await world.edit(note, ["title": "new", "to": 3])
            #expect(once.isDirty && once.editNumber == 1 && once.acknowledgedEdit == 0)
            #expect(once.base == note.base && once.baseBytes == note.baseBytes)
            #expect(once.projection.title == "new" && once.projection.span == 1..<3)
            let twice = try await world.edit(once, ["x": 2, "y": ["deep": true]])
            #expect(twice.editNumber == 2 && twice.operation != once.operation)
            #expect(try await world.reread(note) == twice)
            let log = try await world.log()
            #expect(
                log.map(\.changes) == [
                    [
                        FieldChange(field: "title", before: "old", after: "new"),
                        FieldChange(
                            field: "time", before: ["from": 1, "to": 2],
                            after: ["from": 1, "to": 3]),
                    ],
                    [
                        FieldChange(field: "x", before: 1, after: 2),
                        FieldChange(field: "y", before: nil, after: ["deep": true]),
                    ],
                ])
            #expect(log[1].before == once.live && log[1].after == twice.live)
            #expect(log.map(\.operation) == [once.operation, twice.operation])
        },
        Check("an edit that changes nothing is none") { world async throws in
            let note = try await world.pull(
                "n1", ["people": [["email": "b@x"], ["email": "a@x"]], "etag": "1"])
            let same = try await world.edit(
                note, ["people": [["email": "a@x"], ["email": "b@x"]], "body": "", "etag": .null])
            #expect(same == note)
            #expect(try await world.log().isEmpty)
        },
        Check("an edit back to what both sides agreed on waits no longer") { world async throws in
            let note = try await world.pull("n1", ["title": "old"])
            let edited = try await world.edit(note, ["title": "new"])
            let back = try await world.edit(edited, ["title": "old"])
            #expect(back.local == .unchanged && !back.isDirty && back.baseBytes == note.baseBytes)
            #expect(back.editNumber == 2 && back.acknowledgedEdit == 2)
            #expect(try await world.log().count == 2)
        },
        Check("an edit back waits while the edit before it is on its way") { world async throws in
            let note = try await world.pull("n1", ["title": "old"])
            let edited = try await world.edit(note, ["title": "new"])
            try await world.announce(edited)
            let back = try await world.edit(edited, ["title": "old"])
            #expect(back.isDirty && back.live?["title"] == "old")
            #expect(back.acknowledgedEdit == 0)
        },
        Check("an edit of something that changed meanwhile is refused") { world async throws in
            let note = try await world.pull("n1", ["title": "old"])
            try await world.edit(note, ["title": "first"])
            await expectFailure(.stale) { try await world.edit(note, ["title": "second"]) }
            let other = try await world.pull("n2")
            try await world.update(other) { $0.base = ["id": "n2", "title": "pulled"] }
            await expectFailure(.stale) { try await world.edit(other, ["title": "x"]) }
            await expectFailure(.stale) { try await world.delete(other) }
            let run = world.run
            await expectFailure(.stale) {
                try await world.store.write { try $0.revertLocally(other, run: run) }
            }
            #expect(try await world.log().count == 1)
        },
        Check("an edit keeps the name, the rules and the account's rights") { world async throws in
            let note = try await world.pull("n1")
            await expectDomainFailure(.invalid) { try await world.edit(note, ["id": "n2"]) }
            await expectDomainFailure(.invalid) { try await world.edit(note, ["title": 7]) }
            await expectDomainFailure(.invalid) { try await world.edit(note, "text") }
            let nameless = try await world.edit(note, ["id": .null, "title": "kept"])
            #expect(nameless.live?["id"] == "n1" && nameless.remoteID?.rawValue == "n1")
            let readOnly = try await world.collection("r", access: .read)
            let theirs = try await world.pull("n3", into: readOnly)
            await expectDomainFailure(.denied) { try await world.edit(theirs, ["title": "x"]) }
            await expectDomainFailure(.denied) { try await world.delete(theirs) }
            let deleted = try await world.delete(nameless)
            await expectDomainFailure(.notFound) { try await world.edit(deleted, ["a": 1]) }
        },
        Check("whoever was to be mailed about a waiting edit still is") { world async throws in
            let note = try await world.pull("n1")
            let run = world.run
            let told = try await world.store.write {
                try $0.editLocally(note, to: ["id": "n1", "a": 1], sendUpdates: .all, run: run)
            }
            let again = try await world.edit(told, ["a": 2])
            #expect(again.sendUpdates == .all)
            let settled = try await world.update(again) { $0.local = .unchanged }
            #expect(try await world.edit(settled, ["a": 3]).sendUpdates == .none)
        },
        Check("an edit gives what was set aside another chance") { world async throws in
            let note = try await world.pull("n1")
            let work = world.work.id
            try await world.store.write { transaction throws in
                _ = try transaction.quarantine.add(
                    collection: work, resource: note.id, remoteID: note.remoteID,
                    kind: NoteRules.kind, reason: "refused", raw: "", programVersion: "1")
            }
            let aside = try await world.update(note) {
                $0.hold = .quarantined
                $0.parkedUntil = Timestamp(milliseconds: 1)
                $0.pushRounds = 3
            }
            let edited = try await world.edit(aside, ["title": "better"])
            #expect(edited.hold == nil && edited.parkedUntil == nil && edited.pushRounds == 0)
            #expect(try await world.store.read { try $0.quarantine.list() }.isEmpty)
            let asked = try await world.update(try await world.pull("n2")) { $0.hold = .pullHeld }
            #expect(try await world.edit(asked, ["title": "x"]).hold == .pullHeld)
        },
    ]
}

/// Expects a failure of our rules, and only one with a given code.
func expectDomainFailure<Value>(
    _ code: TandemError.Code, or other: TandemError.Code? = nil,
    _ body: () async throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) async {
    do {
        _ = try await body()
        Issue.record("Nothing failed.", sourceLocation: sourceLocation)
    } catch let error as TandemError {
        #expect(
            error.code == code || error.code == other, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("Another failure: \(error)", sourceLocation: sourceLocation)
    }
}
