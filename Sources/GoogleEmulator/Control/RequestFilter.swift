/// Which of the requests that came are wanted.
struct RequestFilter {
    /// What the query of `GET /_emulator/requests` may name.
    static let names = ["api", "method", "status", "after"]

    private let api: String?
    private let method: String?
    private let status: Int?
    /// Only those behind the one of this number.
    let after: Int

    /// - Throws: `invalidCommand` for a name that no request could ever have: an empty list would
    ///   say that none came.
    init(_ query: Parameters, among services: ServiceList) throws(LocalGoogleError) {
        if let other = query.items.first(where: { !Self.names.contains($0.name) }) {
            throw .invalidCommand(NameList.refusal(of: other.name, knowing: Self.names))
        }
        api = try Self.api(query, among: services.all + [services.nobody])
        method = query["method"]
        if let method {
            try MethodNames(api: api, services: services, isAsRequested: true).check(method)
        }
        status = try Self.number("status", in: query)
        after = try Self.number("after", in: query) ?? 0
    }

    /// The API that a query names; `nil` means all.
    ///
    /// - Throws: `invalidCommand` for one that there is not.
    static func api(
        _ query: Parameters, among services: [any EmulatorService]
    ) throws(LocalGoogleError) -> String? {
        let apis = services.map(\.name)
        guard let api = query["api"], !apis.contains(api) else { return query["api"] }
        throw .invalidCommand(
            "There is no API '\(api)'."
                + (NameList.question(api, among: apis) ?? " Known are \(NameList.text(apis))."))
    }

    private static func number(
        _ name: String, in query: Parameters
    ) throws(LocalGoogleError) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw ControlFields.wrong(name, "a whole number")
        }
        return number
    }

    /// Whether a request is wanted; HTTP's methods go in any case.
    func takes(_ record: LocalGoogle.RequestRecord) -> Bool {
        let isMethod =
            method.map { $0 == record.apiMethod || $0.uppercased() == record.method } ?? true
        return isMethod && (api ?? record.api) == record.api
            && (status ?? record.status) == record.status
    }
}

/// The methods that can be named, Google's and HTTP's.
struct MethodNames {
    /// Those of Google's.
    private let known: [String]

    /// Names of HTTP's methods, which may be written in any case.
    private static let verbs: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
    ]

    /// Those of one API, or of all.
    ///
    /// - Parameters:
    ///   - api: The API; `nil` stands for all.
    ///   - services: The services that there are.
    ///   - isAsRequested: Whether batches and what is unknown are meant, too, as requests have it.
    init(api: String?, services: ServiceList, isAsRequested: Bool = false) {
        known =
            services.all.filter { api == nil || api == $0.name }.flatMap(\.routes).map(\.id)
            + (isAsRequested ? [Batch.methodID, "unknown"] : [])
    }

    /// Refuses a method that nobody has, which would never be met.
    ///
    /// - Throws: `invalidCommand` with the one that was meant, or with some that there are.
    func check(_ method: String) throws(LocalGoogleError) {
        guard !Self.verbs.contains(method.uppercased()), !known.contains(method) else { return }
        let missing = "There is no method '\(method)'."
        if let question = NameList.question(method, among: known) {
            throw .invalidCommand(missing + question)
        }
        guard !known.isEmpty else {
            throw .invalidCommand(
                missing + " This API has no methods here; name one of HTTP's own.")
        }
        let family = method.split(separator: ".").first.map { $0 + "." } ?? ""
        let others = known.filter { $0.hasPrefix(family) }
        let names = Array(Set(others.isEmpty ? known : others)).sorted()
        throw .invalidCommand(
            "\(missing) Known are HTTP's own, and \(NameList.text(names)).")
    }
}
