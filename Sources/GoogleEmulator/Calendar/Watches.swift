import LosslessJSON

/// The `watch` methods, and `channels.stop`.
///
/// A list that would be refused cannot be watched either.
/// - SeeAlso: Google Calendar API guide, "Push notifications".
struct Watches {
    let call: APICall

    func events() throws(GoogleFailure) -> Reply {
        let access = try call.access(.freeBusyReader)
        _ = try EventView(call, access)
        _ = try EventQuery(call, access)
        return try open(.events, of: access.calendar.id)
    }

    func acl() throws(GoogleFailure) -> Reply {
        _ = try AccessControl(call: call).list()
        return try open(.acl, of: try call.access(.writer).calendar.id)
    }

    func calendarList() throws(GoogleFailure) -> Reply {
        _ = try CalendarLists(call: call).list()
        return try open(.calendarList, of: call.account.email)
    }

    func settings() throws(GoogleFailure) -> Reply {
        _ = try CalendarSettings(call: call).list()
        return try open(.settings, of: call.account.email)
    }

    func stop() throws(GoogleFailure) -> Reply {
        let body = try call.body()
        guard let id = body["id"]?.nonNull?.string, !id.isEmpty else {
            throw .required("Missing channel ID.")
        }
        guard let resourceID = body["resourceId"]?.nonNull?.string, !resourceID.isEmpty else {
            throw .required("Missing resource ID.")
        }
        try call.world.calendarState.push.stop(
            id: id, resourceID: resourceID, project: project, user: call.account.email,
            in: call.world)
        return .noContent
    }

    private var project: String { ProjectNumber.of(clientID: call.credential.clientID) }

    private func open(
        _ kind: WatchedResource.Kind, of holder: String
    ) throws(GoogleFailure) -> Reply {
        let resource = WatchedResource(kind: kind, holder: holder)
        let channel = PushChannel(
            try ChannelRequest(try call.body(), in: call.world), project: project,
            user: call.account.email, resource: resource, resourceID: resource.id(call.query),
            resourceURI: resource.uri(call.query),
            seen: resource.state(for: call.account, in: call.world))
        try call.world.calendarState.push.open(channel, in: call.world)
        return .json(channel.document)
    }
}

extension CalendarRoutes {
    /// The methods of channels.
    static let pushRoutes: [Route] = {
        let calendar = "calendars/{calendarId}"
        let gate = CalendarService.gate
        return [
            gate.route("events.watch", "POST", calendar + "/events/watch", Scopes.eventsRead) {
                (call: APICall) throws(GoogleFailure) in try Watches(call: call).events()
            },
            gate.route("acl.watch", "POST", calendar + "/acl/watch", Scopes.aclRead) {
                (call: APICall) throws(GoogleFailure) in try Watches(call: call).acl()
            },
            gate.route(
                "calendarList.watch", "POST", "users/me/calendarList/watch",
                Scopes.calendarListRead
            ) {
                (call: APICall) throws(GoogleFailure) in try Watches(call: call).calendarList()
            },
            gate.route(
                "settings.watch", "POST", "users/me/settings/watch", Scopes.settingsRead
            ) {
                (call: APICall) throws(GoogleFailure) in try Watches(call: call).settings()
            },
            gate.route("channels.stop", "POST", "channels/stop", Scopes.channelsStop) {
                (call: APICall) throws(GoogleFailure) in try Watches(call: call).stop()
            },
        ]
    }()
}
