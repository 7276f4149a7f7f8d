extension LocalGoogle {
    /// Limits how much an API serves, from now on; `nil` lifts its limits.
    ///
    /// A reset lifts them, too.
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` for senseless limits and for an
    ///   API without quotas.
    public func setQuota(_ quota: Quota?, api: String = "calendar") throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            guard let quota else {
                _ = state.quotas.remove(api)
                return
            }
            try QuotaRequest.check(quota, api: api, among: state.services)
            state.quotas.set(quota, api: api)
        }
    }

    /// Lets the reads of an API lag behind its writes; `nil` lets them see everything again.
    ///
    /// It costs a copy of everything there is. A reset ends it.
    /// - Throws: ``LocalGoogleError`` with code `invalidCommand` for a senseless lag, and for an API
    ///   that has no reads or, as the sign-in, always knows the present.
    public func setReadLag(_ lag: ReadLag?, api: String = "calendar") throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            guard let lag else {
                _ = state.lags.remove(api)
                return
            }
            try state.lags.set(lag, api: api, in: state.world)
        }
    }
}
