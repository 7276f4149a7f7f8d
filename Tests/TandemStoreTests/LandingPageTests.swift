import LosslessJSON
import TandemCore
import TandemStore
import TandemTesting
import Testing

/// What the target's landing page shows.
@Suite struct LandingPageTests {
    @Test func `what is made here is on the disk, and waits to be sent`() async throws {
        try await withTemporaryFolder { folder in
            let (rulebook, note) = (TestStore.rulebook, NoteRules.kind)
            try await Store.withStore(folder: folder, rulebook: rulebook) { store in
                try await store.write { transaction in
                    let account = try transaction.accounts.ensure(name: "ada", provider: "memory")
                    let draft = CollectionDraft(
                        remoteID: RemoteID(rawValue: "work"), kind: note, name: "Work", access: .own
                    )
                    let work = try transaction.collections.add(draft, to: account.id)
                    try transaction.createLocally(
                        ["title": "Call Grace"], kind: note, in: work, run: nil)
                }
                let waiting = try await store.read {
                    try $0.resources.list(ResourceFilter(state: .dirty))
                }
                #expect(waiting.map(\.projection.title) == ["Call Grace"])
            }
        }
    }
}
