import LosslessJSON

/// The commands that concern every service; a service adds its own.
enum ControlRoutes {
    static let all: [ControlRoute] =
        requests + faults + time + content + switches + HardshipRoutes.all + StatusPage.routes

    private typealias Call = ControlCall

    private static let requests = [
        ControlRoute("GET", "requests") { (call: Call) throws(LocalGoogleError) in
            let filter = try RequestFilter(
                Parameters(formEncoded: call.request.query), among: call.state.services)
            let log = call.state.log
            let records = log.items(after: filter.after).filter(filter.takes)
            return .control([
                "items": .array(records.map(\.json)), "last": .number(JSONNumber(log.last)),
            ])
        },
        ControlRoute("DELETE", "requests") { (call: Call) throws(LocalGoogleError) in
            call.state.log.clear()
            return .noContent
        },
        ControlRoute("GET", "counters") { (call: Call) throws(LocalGoogleError) in
            .control(call.commands.counters)
        },
    ]

    private static let faults = [
        ControlRoute("POST", "faults") { (call: Call) throws(LocalGoogleError) in
            let fault = try FaultRequest.fault(try call.fields(FaultRequest.names))
            let id = try call.state.faults.add(fault, among: call.state.services)
            return .control(["id": .string(id)])
        },
        ControlRoute("GET", "faults") { (call: Call) throws(LocalGoogleError) in
            .control(["items": .array(call.state.faults.waiting.map(\.json))])
        },
        ControlRoute("DELETE", "faults") { (call: Call) throws(LocalGoogleError) in
            _ = call.state.faults.remove(nil)
            return .noContent
        },
        ControlRoute("DELETE", "faults/{id}") { (call: Call) throws(LocalGoogleError) in
            guard call.state.faults.remove(call.path["id"]) else {
                throw LocalGoogleError(code: .notFound, message: "There is no such fault.")
            }
            return .noContent
        },
        ControlRoute("GET", "reasons") { (call: Call) throws(LocalGoogleError) in
            let services = call.state.services.all
            let api = try RequestFilter.api(
                Parameters(formEncoded: call.request.query), among: services)
            let meant = services.filter { api == nil || $0.name == api }
            return .control(["items": .array(FaultRules.reasons(of: meant))])
        },
        ControlRoute("POST", "expire") { (call: Call) throws(LocalGoogleError) in
            let names = call.state.services.targetNames
            let fields = try call.fields(["what", "user"] + names)
            guard let what = try fields.string("what") else {
                throw call.commands.unknownExpirable
            }
            try call.commands.expire(
                what, user: try fields.string("user"), parts: try parts(fields, names))
            return .control([:])
        },
        ControlRoute("POST", "churn") { (call: Call) throws(LocalGoogleError) in
            let names = call.state.services.targetNames
            let fields = try call.fields(["user"] + names)
            try call.commands.churn(
                user: try fields.string("user"), parts: try parts(fields, names))
            return .control([:])
        },
    ]

    private static func parts(
        _ fields: ControlFields, _ names: [String]
    ) throws(LocalGoogleError) -> [(name: String, value: String)] {
        var parts: [(name: String, value: String)] = []
        for name in names {
            if let value = try fields.string(name) { parts.append((name, value)) }
        }
        return parts
    }

    private static let time = [
        ControlRoute("GET", "clock") { (call: Call) throws(LocalGoogleError) in
            .control(["now": .string(Stamp.utc(call.world.now))])
        },
        ControlRoute("POST", "clock") { (call: Call) throws(LocalGoogleError) in
            try setClock(try call.fields(["set", "advance", "real"]), call.commands)
            return .control(["now": .string(Stamp.utc(call.world.now))])
        },
    ]

    private static func setClock(
        _ fields: ControlFields, _ commands: ControlCommands
    ) throws(LocalGoogleError) {
        guard ["set", "advance", "real"].count(where: { fields[$0] != nil }) == 1 else {
            throw .invalidCommand(
                "Give \"set\" with a time, \"advance\" with seconds, or \"real\":true.")
        }
        if let text = try fields.string("set") {
            guard let moment = Stamp.milliseconds(text) else {
                throw ControlFields.wrong("set", "an RFC 3339 time")
            }
            try commands.setClock(moment)
        } else if let value = fields["advance"] {
            guard let seconds = value.double else {
                throw ControlFields.wrong("advance", "a number of seconds")
            }
            guard abs(seconds) < 1e12 else { throw ControlCommands.clockRefusal }
            try commands.advanceClock(Int64((seconds * 1000).rounded()))
        } else {
            guard try fields.flag("real") == true else {
                throw ControlFields.wrong("real", "true")
            }
            commands.realClock()
        }
    }

    private static let content = [
        ControlRoute("POST", "reset") { (call: Call) throws(LocalGoogleError) in
            if let member = try call.document().object?.members.first {
                throw .invalidCommand(
                    "A reset takes no \"\(member.key)\": it puts everything back, for every user.")
            }
            call.commands.reset()
            return .control([:])
        },
        ControlRoute("POST", "seed") { (call: Call) throws(LocalGoogleError) in
            let planted = try call.commands.plant(try call.document())
            var answer = call.commands.counters
            answer["planted"] = planted
            return .control(answer)
        },
        ControlRoute("GET", "snapshot") { (call: Call) throws(LocalGoogleError) in
            .control(SnapshotWriter(world: call.world).document)
        },
        ControlRoute("PUT", "snapshot") { (call: Call) throws(LocalGoogleError) in
            call.state.restore(try SnapshotReader(try call.document(), for: call.world))
            return .control([:])
        },
    ]

    private static let switches = [
        ControlRoute("GET", "switches") { (call: Call) throws(LocalGoogleError) in
            .control(SwitchTable.listing(call.world.switches))
        },
        ControlRoute("POST", "switches") { (call: Call) throws(LocalGoogleError) in
            let fields = try call.fields(
                SwitchTable.names, listing: "tandem emulator switches")
            call.world.switches = try SwitchTable.changed(call.world.switches, by: fields)
            return .control(SwitchTable.listing(call.world.switches))
        },
    ]
}
