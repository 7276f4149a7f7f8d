extension LocalGoogle {
    /// Does what a new password does: refresh tokens with scopes of mail die, others live on.
    ///
    /// - Throws: ``LocalGoogleError`` with code `notFound` for an unknown user.
    /// - SeeAlso: Google Identity, "Using OAuth 2.0 to Access Google APIs", section "Refresh token
    ///   expiration".
    public func changePassword(of email: String) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            try state.world.changePassword(of: email)
        }
    }
}

extension World {
    func changePassword(of email: String) throws(LocalGoogleError) {
        let account = try known(email: email)
        oauth.endRefreshTokens(of: account.email) { scopes in
            scopes.contains(where: ScopeRules.isMail)
        }
    }
}
