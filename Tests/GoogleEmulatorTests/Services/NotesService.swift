import LosslessJSON
import Synchronization

@testable import GoogleEmulator

/// A small API that no Google has, on the seam that the real ones stand on.
struct NotesService: EmulatorService {
    /// The notes by their place; a real service keeps them in the world.
    final class Shelf: Sendable {
        let notes = Mutex<[String]>([])
    }

    static let gate = APIGate(
        name: "notes", host: "notes.googleapis.com", root: "/notes/v1/",
        schema: FieldSchema("Note id text") { _ in "Note" })

    let shelf = Shelf()
    let name = "notes"
    let roots = ["/notes/", "/batch/notes"]
    let batchPath: String? = "/batch/notes/v1"
    let expirables = ["notes"]
    let targetNames = ["shelf"]

    var routes: [Route] {
        let shelf = self.shelf
        return [
            Self.gate.route("notes.get", "GET", "notes/{id}", ["calendar"]) {
                (call: APICall) throws(GoogleFailure) in
                let notes = shelf.notes.withLock { $0 }
                guard let index = Int(call.part("id")), notes.indices.contains(index) else {
                    throw .notFound
                }
                return .json(["id": .string(call.part("id")), "text": .string(notes[index])])
            },
            Self.gate.route("notes.add", "POST", "notes", ["calendar"]) {
                (call: APICall) throws(GoogleFailure) in
                let text = try call.body()["text"]?.string ?? ""
                let count = shelf.notes.withLock { notes in
                    notes.append(text)
                    return notes.count
                }
                return .json(["id": .string(String(count - 1))])
            },
            Self.gate.route("notes.send", "POST", "notes/{id}:send", ["calendar"]) {
                (call: APICall) throws(GoogleFailure) in
                let body = try call.body()
                do throws(LocalGoogleError) {
                    try call.world.post(
                        from: "notes", topic: call.part("id"), to: body["to"]?.string ?? "",
                        headers: [("X-Note", call.part("id"))],
                        expires: body["expires"]?.int.map { call.world.now + $0 })
                } catch {
                    throw .invalid(error.message)
                }
                return .noContent
            },
        ]
    }

    func fill(_ world: World) { shelf.notes.withLock { $0 = ["welcome"] } }

    let seedNames = ["notes"]

    func plant(_ seed: SeedFields, in world: World) throws(LocalGoogleError) {
        let texts = try seed.strings("notes")
        shelf.notes.withLock { $0 += texts }
    }

    func snapshot(of world: World) -> JSON? { ["notes": .strings(shelf.notes.withLock { $0 })] }

    func restoring(_ part: SnapshotFields?) throws(LocalGoogleError) -> (World) -> Void {
        let texts = try SnapshotFields.required(part, of: name).strings("notes")
        return { [shelf] _ in shelf.notes.withLock { $0 = texts } }
    }

    func counters(of world: World) -> JSONObject {
        ["notes": .number(JSONNumber(shelf.notes.withLock { $0.count }))]
    }

    func expire(
        _ what: String, _ target: ControlTarget, in world: World
    ) throws(LocalGoogleError) { shelf.notes.withLock { $0 = [] } }

    func churn(_ target: ControlTarget, in world: World) throws(LocalGoogleError) {
        shelf.notes.withLock { $0 = $0.map { $0 + (target["shelf"] ?? "!") } }
    }

    var controlRoutes: [ControlRoute] {
        [
            ControlRoute("GET", "notes/{id}") { (call: ControlCall) throws(LocalGoogleError) in
                .control(["asked": .string(call.path["id"] ?? "")])
            }
        ]
    }
}

extension Local {
    /// A local Google that serves notes beside everything else.
    static func withNotes(
        _ change: (inout LocalGoogleConfiguration) -> Void = { _ in }
    ) -> Local {
        Local(services: ServiceList(ServiceList.standard.all + [NotesService()]), change)
    }

    /// Calls the notes as a user.
    func notes(_ method: String, _ path: String, _ body: JSON? = nil) -> Answer {
        send(
            method, "/notes/v1/" + path, headers: [("Authorization", "Bearer token-ada")],
            body: body?.text ?? "")
    }
}
