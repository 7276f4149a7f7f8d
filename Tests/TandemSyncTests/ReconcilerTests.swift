import LosslessJSON
import TandemCore
import TandemTesting
import Testing

@testable import TandemSync

@Suite struct ReconcilerTests {
    private let reconciler = Reconciler(rules: NoteRules())
    private let base: JSON = ["id": "n1", "etag": "1", "title": "Pump"]
    private let churned: JSON = ["etag": "2", "title": "Pump", "id": "n1", "body": ""]
    private let theirs: JSON = ["id": "n1", "etag": "2", "title": "Theirs"]
    private let ours: JSON = ["id": "n1", "etag": "1", "title": "Ours"]

    private func side(_ edit: LocalSide.Edit) -> LocalSide { LocalSide(base: base, edit: edit) }

    @Test func `another etag or order with the same content is no change`() {
        for edit in [LocalSide.Edit.none, .changed(ours), .deleted] {
            #expect(reconciler.meet(churned, with: side(edit)) == .unchanged)
        }
    }

    @Test func `a remote edit of what was left alone is taken`() {
        #expect(reconciler.meet(theirs, with: side(.none)) == .takeRemote)
    }

    @Test func `a remote edit withdraws our delete`() {
        #expect(reconciler.meet(theirs, with: side(.deleted)) == .withdrawDelete)
    }

    @Test func `edits on both sides are merged, and what clashes is kept`() {
        let clash = Clash(field: "title", base: "Pump", mine: "Ours", theirs: "Theirs")
        let merged = reconciler.meet(theirs, with: side(.changed(ours)))
        #expect(merged == .merged(local: nil, clashes: [clash]))
    }

    @Test func `the same edit on both sides waits no longer`() {
        let merged = reconciler.meet(theirs, with: side(.changed(theirs)))
        #expect(merged == .merged(local: nil, clashes: []))
    }

    @Test func `a creation whose answer was lost is adopted, not doubled`() {
        let sent: JSON = ["id": "n1", "title": "New"]
        let answer: JSON = ["id": "n1", "etag": "7", "title": "New", "body": ""]
        let lost = LocalSide(base: nil, edit: .changed(sent), sent: sent)
        #expect(reconciler.meet(answer, with: lost) == .merged(local: nil, clashes: []))
    }

    @Test func `an edit made after a lost creation still waits`() {
        let sent: JSON = ["id": "n1", "title": "New"]
        let edited: JSON = ["id": "n1", "title": "Newer"]
        let answer: JSON = ["id": "n1", "etag": "7", "title": "New"]
        let waiting: JSON = ["id": "n1", "etag": "7", "title": "Newer"]
        let lost = LocalSide(base: nil, edit: .changed(edited), sent: sent)
        #expect(reconciler.meet(answer, with: lost) == .merged(local: waiting, clashes: []))
    }

    @Test(arguments: [false, true])
    func `what a lost write left there is ours, whatever somebody changed besides`(
        isRefused: Bool
    ) {
        let sent: JSON = ["id": "n1", "title": "Pump", "other": "sent", "tags": ["a": "sent"]]
        let edited = sent.merging(["other": "later", "tags": ["a": "later", "b": "ours"]])
        let there = sent.merging(["etag": "7", "from": 1, "to": 2])
        let waiting = edited.merging(["etag": "7", "from": 1, "to": 2])
        var lost = LocalSide(base: base, edit: .changed(edited), sent: sent)
        lost.mayBeAnothers = isRefused
        #expect(reconciler.meet(there, with: lost) == .merged(local: waiting, clashes: []))
    }

    @Test func `an edit taken back while it was sent stays so, whatever else changed there`() {
        let there = ours.merging(["etag": "2", "body": "theirs"])
        let waiting = base.merging(["etag": "2", "body": "theirs"])
        let lost = LocalSide(base: base, edit: .changed(base), sent: ours)
        #expect(reconciler.meet(there, with: lost) == .merged(local: waiting, clashes: []))
    }

    @Test func `what another may have made is no edit of what was sent`() {
        let sent: JSON = ["id": "n1", "title": "New", "body": "ours"]
        let edited: JSON = ["id": "n1", "title": "Newer", "body": "ours"]
        let answer: JSON = ["id": "n1", "etag": "7", "title": "New", "body": "theirs"]
        let waiting: JSON = ["id": "n1", "etag": "7", "title": "Newer", "body": "theirs"]
        let lost = LocalSide(
            base: nil, edit: .changed(edited), sent: sent, mayBeAnothers: true)
        #expect(
            reconciler.meet(answer, with: lost)
                == .merged(
                    local: waiting,
                    clashes: [Clash(field: "body", base: nil, mine: "ours", theirs: "theirs")]))
    }

    @Test func `a remote delete spares what was edited`() {
        #expect(
            reconciler.meetTombstone(with: side(.none), revivable: true) == .removeHere)
        #expect(
            reconciler.meetTombstone(with: side(.deleted), revivable: true) == .removeAgreed)
        #expect(
            reconciler.meetTombstone(with: side(.changed(ours)), revivable: true) == .revive)
        #expect(
            reconciler.meetTombstone(with: side(.changed(ours)), revivable: false)
                == .askPerson)
    }

    @Test func `what was cancelled here and deleted there is to live on nowhere`() {
        let cancelled: JSON = ["id": "s_1", "seriesId": "s", "slot": "1", "cancelled": true]
        for isRevivable in [true, false] {
            #expect(
                reconciler.meetTombstone(with: side(.changed(cancelled)), revivable: isRevivable)
                    == .removeAgreed)
        }
    }
}
