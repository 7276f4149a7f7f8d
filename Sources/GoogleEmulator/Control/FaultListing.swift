import LosslessJSON

extension FaultList.Armed {
    /// The fault with its id and how often it was met, its members as they are sent.
    var json: JSON {
        var document: JSONObject = ["id": .string(id)]
        document["api"] = fault.api.map { .string($0) }
        document["method"] = fault.method.map { .string($0) }
        document["path"] = fault.path.map { .string($0) }
        document["nth"] = .number(JSONNumber(fault.nth))
        document["times"] = .number(JSONNumber(fault.times))
        document["status"] = fault.status.map { .number(JSONNumber($0)) }
        document["reason"] = fault.reason.map { .string($0) }
        document["retryAfter"] = fault.retryAfter.map { .number(JSONNumber($0)) }
        if fault.delayMilliseconds > 0 {
            document["delayMs"] = .number(JSONNumber(fault.delayMilliseconds))
        }
        switch fault.cut {
        case .before: document["cut"] = "before"
        case .after: document["cut"] = "after"
        case .within(let bytes): document["truncate"] = .number(JSONNumber(bytes))
        case nil: break
        }
        if fault.isGarbage { document["garbage"] = true }
        document["page"] = fault.page.map { .string($0.rawValue) }
        if fault.retryAfter != nil {
            document["retryAfterForm"] = .string(fault.retryAfterForm.rawValue)
        }
        document["body"] = fault.body.map { .string($0) }
        document["seen"] = .number(JSONNumber(seen))
        return .object(document)
    }
}
