extension LocalGoogle {
    /// Does what a new password does: refresh tokens with scopes of mail die, others live on.
    ///
    /// - Throws: ``LocalGoogleError`` with code `notFound` for an unknown user.
    /// - SeeAlso: Google Identity, "Using OAuth 2.0 to Access Google APIs", section "Refresh token
    ///   expiration".
    public func changePassword(of email: String) throws(LocalGoogleError) {
        try locked { state throws(LocalGoogleError) in
            guard let account = state.world.account(email) else {
                throw LocalGoogleError(
                    code: .notFound, message: "There is no user \(email) on this local Google.")
            }
            state.world.oauth.endRefreshTokens(of: account.email) { scopes in
                scopes.contains(where: ScopeRules.isMail)
            }
        }
    }
}
