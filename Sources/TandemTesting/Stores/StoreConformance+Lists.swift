import LosslessJSON
import TandemCore
import TandemStore
import Testing

extension StoreConformance {
    static let listChecks: [Check] = [
        Check("paging shows everything once, in the order of ids") { world async throws in
            for number in 0..<25 { try await world.pull("n\(number)") }
            let pages = try await world.store.read { transaction throws in
                var pages: [[ResourceID]] = []
                var after: ResourceID?
                while true {
                    let page = try transaction.resources.list(
                        ResourceFilter(limit: 10, order: .id(after: after)))
                    guard let last = page.last else { return pages }
                    pages.append(page.map(\.id))
                    after = last.id
                }
            }
            #expect(pages.map(\.count) == [10, 10, 5])
            let ids = pages.flatMap { $0 }
            #expect(ids == ids.sorted() && Set(ids).count == 25)
            let none = try await world.store.read {
                try $0.resources.list(ResourceFilter(limit: 0)).count
            }
            #expect(none == 0)
        },
        Check("paging by start shows everything once, whatever changes between pages") {
            world async throws in
            for number in 0..<20 {
                let start = JSON.number(JSONNumber(1000 - number / 3 * 10))
                try await world.pull("n\(number)", ["from": start, "to": 2000])
            }
            try await world.pull("series", ["from": 5, "slots": ["a"]])
            try await world.pull("without a time")
            var seen: [String] = []
            var after: StartMark?
            var pages: [Int] = []
            repeat {
                let filter = ResourceFilter(limit: 7, order: .start(after: after))
                let page = try await world.store.read { try $0.resources.list(filter) }
                seen += page.compactMap(\.remoteID?.rawValue)
                pages.append(page.count)
                after = page.last.map(\.startMark)
                // Before the mark, so that no later page has it.
                try await world.pull("late \(pages.count)", ["from": 1, "to": 2])
            } while after != nil
            #expect(pages == [7, 7, 7, 1, 0])
            #expect(seen.first == "series" && seen.last == "without a time")
            let all = try await world.store.read {
                try $0.resources.list(ResourceFilter(order: .start()))
            }
            #expect(all.map(\.startMark.start) == all.map(\.startMark.start).sorted())
            #expect(
                all.compactMap(\.remoteID?.rawValue).filter { !$0.hasPrefix("late") } == seen)
            for (left, right) in zip(all, all.dropFirst())
            where left.startMark.start == right.startMark.start {
                #expect(left.id < right.id)
            }
        },
        Check("filters narrow a list by start as they do any other") { world async throws in
            let play = try await world.collection("play")
            try await world.pull("late", ["from": 30, "to": 40])
            try await world.pull("long", ["from": 10, "to": 99], into: play)
            try await world.pull("early", ["from": 10, "to": 20], into: play)
            try await world.pull("without a time")
            func titles(_ filter: ResourceFilter) async throws -> [String] {
                var filter = filter
                filter.order = .start()
                let (whole, page) = (filter, filter.limited(to: 9))
                return try await world.store.read { transaction throws in
                    let found = try transaction.resources.list(whole)
                    #expect(try transaction.resources.list(page) == found)
                    return found.map(\.projection.title)
                }
            }
            #expect(try await titles(ResourceFilter()).last == "without a time")
            #expect(try await titles(ResourceFilter(from: 20)) == ["long", "late"])
            #expect(try await titles(ResourceFilter(to: 30)).sorted() == ["early", "long"])
            #expect(try await titles(ResourceFilter(from: 20, to: 30)) == ["long"])
            #expect(try await titles(ResourceFilter(to: .max)).count == 3)
            #expect(
                try await titles(ResourceFilter(collections: [play.id])).sorted()
                    == ["early", "long"])
            #expect(
                try await titles(
                    ResourceFilter(
                        collections: [play.id], state: .clean, from: 0, to: 99, words: "long"))
                    == ["long"])
        },
        Check("filters narrow a list down together") { world async throws in
            let play = try await world.collection("play")
            try await world.pull("a", ["from": 10, "to": 20])
            try await world.pull("b", ["from": 30, "to": 40], into: play)
            try await world.pull("c", ["from": 10, "to": 20], into: play)
            let (work, other) = (world.work.id, Kind(rawValue: "other"))
            func titles(_ filter: ResourceFilter) async throws -> [String] {
                try await world.store.read { try $0.resources.list(filter) }
                    .map(\.projection.title).sorted()
            }
            #expect(try await titles(ResourceFilter()) == ["a", "b", "c"])
            #expect(try await titles(ResourceFilter(collections: [play.id])) == ["b", "c"])
            #expect(try await titles(ResourceFilter(collections: [work, play.id])).count == 3)
            #expect(try await titles(ResourceFilter(collections: [])).isEmpty)
            #expect(try await titles(ResourceFilter(kinds: [NoteRules.kind, other])).count == 3)
            #expect(try await titles(ResourceFilter(kinds: [other])).isEmpty)
            #expect(try await titles(ResourceFilter(from: 20)) == ["b"])
            #expect(try await titles(ResourceFilter(to: 30)) == ["a", "c"])
            #expect(
                try await titles(
                    ResourceFilter(
                        collections: [play.id], state: .clean, from: 0, to: 99, words: "c"))
                    == ["c"])
        },
        Check("deleted and cancelled ones are shown only when asked for") { world async throws in
            try await world.pull("live")
            try await world.pull("cancelled", ["cancelled": true])
            try await world.delete(try await world.pull("deleted"))
            let gone = try await world.pull("gone")
            try await world.update(gone) { $0.deletedAt = Timestamp(milliseconds: 1) }
            try await world.store.read { transaction throws in
                #expect(try transaction.resources.list().map(\.projection.title) == ["live"])
                #expect(
                    try transaction.resources.list(ResourceFilter(includesDeleted: true)).count
                        == 4)
            }
        },
        Check("words are found by how they begin, whatever their case and accents") {
            world async throws in
            try await world.pull("a", ["title": "Pump inspection", "body": "Café in Zürich"])
            try await world.pull("b", ["title": "Pumpkin soup", "body": "cafe latte"])
            try await world.pull("c", ["title": "日本語 テスト", "body": "ПРИВЕТ мир"])
            #expect(try await found(world, "pump") == ["a", "b"])
            #expect(try await found(world, "PUMP insp") == ["a"])
            #expect(try await found(world, "café") == ["a", "b"])
            #expect(try await found(world, "cafe zur") == ["a"])
            #expect(try await found(world, "привет") == ["c"])
            #expect(try await found(world, "日本") == ["c"])
            #expect(try await found(world, "ump").isEmpty)
            #expect(try await found(world, "pump missing").isEmpty)
        },
        Check("operators and quotes in a search are nothing but gaps") { world async throws in
            try await world.pull("a", ["title": "Pump OR soup", "body": "x-ray title:near 5*7"])
            for words in [
                "\"pump\"", "pump\"", "'pump'", "pump*", "(pump", "pump)", "^pump", "pump:",
                "title:pump", "-pump", "+pump", "OR pump", "pump OR", "OR OR", "x-ray", "5*7",
                "{title}: pump",
                "pump;", "pump\u{0}", "pu\u{0}", "\\pump", "pump--",
            ] {
                #expect(try await found(world, words) == ["a"], "\(words)")
            }
            for words in ["pump NOT soup", "pump AND soup", "NOT", "", " ", "\"", "*", "\"\""] {
                #expect(try await found(world, words).isEmpty, "\(words)")
            }
            #expect(try await found(world, String(repeating: "pump ", count: 5_000)) == ["a"])
            #expect(try await found(world, String(repeating: "p", count: 100_000)).isEmpty)
        },
        Check("an edit is found by its new words only") { world async throws in
            let note = try await world.pull("a", ["title": "alpha", "body": "one"])
            let edited = try await world.edit(note, ["title": "beta", "body": "two"])
            #expect(try await found(world, "alpha").isEmpty)
            #expect(try await found(world, "one").isEmpty)
            #expect(try await found(world, "beta two") == ["a"])
            try await world.store.write { try $0.resources.delete(edited.id) }
            #expect(try await found(world, "beta").isEmpty)
        },
        Check("words are found in the transaction that brings, changes and removes them") {
            world async throws in
            let (work, run) = (world.work, world.run)
            let seen = try await world.store.write { transaction throws -> [[String]] in
                func found(_ words: String) throws -> [String] {
                    try transaction.resources.list(ResourceFilter(words: words))
                        .compactMap(\.remoteID?.rawValue).sorted()
                }
                func pull(_ name: String, _ title: String) throws -> StoredResource {
                    try transaction.resources.insert(
                        ResourceDraft(
                            remoteID: RemoteID(rawValue: name),
                            baseBytes: StoreWorld.note(name, ["title": .string(title)])
                                .serialized(),
                            etag: nil, generation: 1),
                        into: work)
                }
                let first = try pull("a", "alpha")
                _ = try pull("b", "alpha beta")
                var seen = [try found("alpha"), try found("beta")]
                _ = try transaction.editLocally(
                    first, to: StoreWorld.note("a", ["title": "gamma"]), run: run)
                let third = try pull("c", "alpha")
                try transaction.resources.delete(third.id)
                _ = try pull("d", "alpha")
                seen += [try found("alpha"), try found("gamma")]
                return seen
            }
            #expect(seen == [["a", "b"], ["b"], ["b", "d"], ["a"]])
            #expect(try await found(world, "alpha") == ["b", "d"])
            #expect(try await found(world, "gamma") == ["a"])
        },
        Check("what waits, is held or is asked to go is listed for the engine") {
            world async throws in
            let clean = try await world.pull("clean")
            let dirty = try await world.edit(try await world.pull("dirty"), ["title": "x"])
            let held = try await world.update(try await world.pull("held")) {
                $0.hold = .quarantined
            }
            let run = world.run
            let asked = try await world.update(try await world.pull("asked")) {
                $0.pendingDelete = PendingDelete(cause: .tombstone, run: run)
            }
            let work = world.work.id
            try await world.store.read { transaction throws in
                let resources = transaction.resources
                #expect(try resources.dirty(in: work).map(\.id) == [dirty.id])
                #expect(try resources.dirty(in: work, after: dirty.id).isEmpty)
                #expect(try resources.dirty(in: work, limit: 0).isEmpty)
                #expect(try resources.states(in: work)[.quarantined] == 1)
                #expect(try resources.find(held.id) == held)
                #expect(try resources.pendingDeletes(in: work).map(\.id) == [asked.id])
                #expect(try resources.find(clean.id) == clean)
            }
        },
        Check("a complete listing tells what it did not show") { world async throws in
            let play = try await world.collection("play")
            let unseen = try await world.pull("unseen", generation: 1)
            try await world.pull("seen", generation: 2)
            _ = try await world.create(["id": "new", "title": "never pushed"])
            try await world.update(try await world.pull("gone")) {
                $0.deletedAt = Timestamp(milliseconds: 1)
            }
            let leaving = try await world.pull("leaving", generation: 1)
            let run = world.run
            _ = try await world.store.write { transaction throws in
                try transaction.moveLocally(leaving, to: play, run: run)
            }
            let work = world.work.id
            try await world.store.read { transaction throws in
                let here = try transaction.resources.unseen(in: work, before: 2)
                #expect(here.map(\.id) == [unseen.id, leaving.id].sorted())
                #expect(try transaction.resources.unseen(in: play.id, before: 2).isEmpty)
                let first = try transaction.resources.unseen(in: work, before: 2, limit: 1)
                let rest = try transaction.resources.unseen(
                    in: work, before: 2, after: first.last?.id)
                #expect(first.count == 1 && (first + rest) == here)
            }
        },
    ]

    /// The remote ids of what a search finds, in order.
    static func found(_ world: StoreWorld, _ words: String) async throws -> [String] {
        try await world.store.read { try $0.resources.list(ResourceFilter(words: words)) }
            .compactMap(\.remoteID?.rawValue).sorted()
    }

    static let windowChecks: [Check] = [
        Check("a window has what overlaps it, and nothing that only touches it") {
            world async throws in
            for (name, from, to) in [
                ("before", 0, 99), ("ends at it", 50, 100), ("into it", 50, 101),
                ("inside", 120, 130), ("around", 0, 500), ("out of it", 199, 300),
                ("starts at its end", 200, 300), ("moment at its start", 100, 100),
                ("moment inside", 150, 150), ("moment at its end", 200, 200), ("after", 300, 400),
            ] {
                try await world.pull(
                    name, ["from": .number(JSONNumber(from)), "to": .number(JSONNumber(to))])
            }
            try await world.pull("without a time")
            let names = try await world.store.read { try $0.resources.overlapping(100..<200) }
                .compactMap(\.remoteID?.rawValue)
            #expect(
                names == [
                    "around", "into it", "moment at its start", "inside", "moment inside",
                    "out of it",
                ])
        },
        Check("a window has its series with all their exceptions, wherever they lie") {
            world async throws in
            try await world.pull("s", ["from": 0, "to": 10, "slots": ["a", "b", "c"]])
            try await world.pull("ended", ["from": 0, "to": 9, "slots": ["a"], "until": 90])
            try await world.pull("ended_a", ["seriesId": "ended", "slot": "a", "from": 5, "to": 6])
            try await world.pull("s_a", ["seriesId": "s", "slot": "a", "from": 900, "to": 910])
            try await world.pull("s_b", ["seriesId": "s", "slot": "b", "cancelled": true])
            let deleted = try await world.pull(
                "s_c", ["seriesId": "s", "slot": "c", "from": 150, "to": 160])
            try await world.delete(deleted)
            try await world.pull("lone", ["seriesId": "x", "slot": "a", "from": 150, "to": 160])
            try await world.pull("cancelled", ["from": 150, "to": 160, "cancelled": true])
            let rows = try await world.store.read { try $0.resources.overlapping(100..<200) }
            #expect(
                Set(rows.compactMap(\.remoteID?.rawValue)) == ["s", "s_a", "s_b", "s_c", "lone"])
            #expect(rows.count == 5)
            let work = world.work.id
            let exceptions = try await world.store.read {
                try $0.resources.exceptions(of: RemoteID(rawValue: "s"), in: work)
            }
            #expect(exceptions.compactMap(\.projection.exception?.slot) == ["a", "b", "c"])
        },
        Check("a window may be one of some collections, of any length") { world async throws in
            let play = try await world.collection("play")
            try await world.pull("a", ["from": 10, "to": 20])
            try await world.pull("b", ["from": 10, "to": 20], into: play)
            try await world.pull("s", ["from": 10, "slots": ["x"]], into: play)
            try await world.pull("s_x", ["seriesId": "s", "slot": "x", "from": 1], into: play)
            let work = world.work.id
            try await world.store.read { transaction throws in
                let resources = transaction.resources
                #expect(try resources.overlapping(0..<99, collections: [work]).count == 1)
                #expect(try resources.overlapping(0..<99, collections: [play.id]).count == 3)
                #expect(try resources.overlapping(0..<99, collections: []).isEmpty)
                #expect(try resources.overlapping(.min ..< .max).count == 4)
                #expect(try resources.overlapping(15..<15).count == 4)
                #expect(try resources.overlapping(.max ..< .max).isEmpty)
            }
        },
    ]
}

extension ResourceFilter {
    fileprivate func limited(to limit: Int) -> Self {
        var filter = self
        filter.limit = limit
        return filter
    }
}
