import TandemCore
import TandemTesting
import Testing

@Suite struct IdentityTests {
    @Test func `an id has 26 characters of Crockford's base 32`() {
        let world = TestEnvironment(seed: 3)
        let alphabet = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        for _ in 0..<1_000 {
            let id: ResourceID = world.environment.makeID()
            #expect(id.rawValue.count == 26 && id.rawValue.allSatisfy(alphabet.contains))
        }
    }

    @Test func `ids sort by the time of their making`() {
        let world = TestEnvironment(seed: 3)
        var last = ResourceID(rawValue: "")
        for _ in 0..<1_000 {
            world.clock.advance(by: .milliseconds(1))
            let id: ResourceID = world.environment.makeID()
            #expect(last < id)
            last = id
        }
    }

    @Test func `ids of one moment differ`() {
        let world = TestEnvironment(seed: 3)
        let ids = Set((0..<10_000).map { _ in world.environment.makeID() as ResourceID })
        #expect(ids.count == 10_000)
    }

    @Test(arguments: [
        (Int64(0), "0000000000"), (1, "0000000001"), (1_469_918_176_385, "01ARYZ6S41"),
        (281_474_976_710_655, "7ZZZZZZZZZ"), (-5, "0000000000"), (.max, "7ZZZZZZZZZ"),
    ])
    func `an id begins with its moment`(milliseconds: Int64, start: String) {
        let clock = VirtualClock(start: Timestamp(milliseconds: milliseconds))
        let id: RunID = TestEnvironment(seed: 1, clock: clock).environment.makeID()
        #expect(id.rawValue.hasPrefix(start))
    }

    @Test func `one seed makes the same ids again`() {
        func ids(_ seed: UInt64) -> [ResourceID] {
            let world = TestEnvironment(seed: seed)
            return (0..<20).map { _ in world.environment.makeID() }
        }
        #expect(ids(7) == ids(7))
        #expect(ids(7) != ids(8))
    }

    @Test func `the command line's user has a name of its own`() {
        #expect(UserID.local.rawValue == "local")
    }

    @Test func `kinds and remote ids sort by their text`() {
        #expect([Kind.event, .calendar].sorted() == [.calendar, .event])
        #expect(RemoteID(rawValue: "a") < RemoteID(rawValue: "b"))
        #expect("\(Kind.event) \(RemoteID(rawValue: "x")) \(RunID(rawValue: "r"))" == "event x r")
    }

    @Test func `remote ids are told apart by their bytes`() {
        let (one, two) = (RemoteID(rawValue: "caf\u{E9}"), RemoteID(rawValue: "cafe\u{301}"))
        #expect(one.rawValue == two.rawValue && one != two)
        #expect(Set([one, two, one]).count == 2)
        #expect(two < one && !(one < two) && !(one < one))
        #expect([one: 1, two: 2][two] == 2)
    }
}
