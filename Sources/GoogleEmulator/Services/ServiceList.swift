import LosslessJSON

/// The services of one local Google, and who of them a request is for.
struct ServiceList: Sendable {
    /// Every service, in the order in which they are asked.
    let all: [any EmulatorService]
    /// The commands of the control API, those of the services included.
    let control: RouteTable<ControlRoute>
    private let table: RouteTable<Entry>
    /// Who answers what no service owns.
    let nobody: any EmulatorService = UnservedAPI(name: "unknown", roots: [])

    /// What a local Google serves.
    static let standard = ServiceList([
        OAuthService(), CalendarService(),
        UnservedAPI(
            name: "people", roots: ["/v1/"], expirables: ["people-cursors"], holds: ["contacts": 0]),
        UnservedAPI(name: "upload", roots: ["/upload/", "/resumable/upload/"]),
        UnservedAPI(
            name: "drive", roots: ["/drive/", "/v2/activity", "/batch/drive/"],
            holds: ["files": 0]),
    ])

    /// A route with its service.
    private struct Entry: Routed, Sendable {
        let service: any EmulatorService
        let route: Route
        let isBatch: Bool

        var method: String? { route.method }
        var template: PathTemplate { route.template }
    }

    init(_ services: [any EmulatorService]) {
        precondition(
            Set(services.map(\.name)).count == services.count, "Two services share a name.")
        all = services
        var entries: [Entry] = []
        for service in services {
            entries += service.routes.map { Entry(service: service, route: $0, isBatch: false) }
            guard let path = service.batchPath else { continue }
            let batch = Route(Batch.methodID, "POST", path) { Batch(call: $0).response() }
            entries.append(Entry(service: service, route: batch, isBatch: true))
        }
        table = RouteTable(entries)
        control = RouteTable(ControlRoutes.all + services.flatMap(\.controlRoutes))
    }

    /// The service of that name.
    subscript(name: String) -> (any EmulatorService)? { all.first { $0.name == name } }

    /// Members by which commands may point at a part of a service.
    var targetNames: [String] {
        all.flatMap(\.targetNames).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// Brings a request to its service; a part of a service's batch reaches no other one.
    func call(
        for request: EmulatorRequest, in state: EmulatorState,
        within batch: (any EmulatorService)? = nil
    ) -> RouteCall {
        let found = PathTemplate.parts(of: request.path).flatMap { parts in
            table.find(request.method, parts) { entry in
                batch.map { !entry.isBatch && entry.service.name == $0.name } ?? true
            }
        }
        guard let found else {
            return RouteCall(
                state: state, request: request, service: batch ?? owner(of: request.path),
                route: nil, path: [:], world: state.world)
        }
        return RouteCall(
            state: state, request: request, service: found.element.service,
            route: found.element.route, path: found.path, world: state.world)
    }

    /// The service that a path without a known method belongs to: the longest root decides.
    private func owner(of path: String) -> any EmulatorService {
        var best: (length: Int, service: any EmulatorService) = (0, nobody)
        for service in all {
            for root in service.roots where path.hasPrefix(root) && root.utf8.count > best.length {
                best = (root.utf8.count, service)
            }
        }
        return best.service
    }
}
