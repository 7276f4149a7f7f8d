public import Foundation

/// Keeps one grant's access token fresh, however many callers ask at once.
///
/// Promises: at most one refresh under way; a token is refreshed 225 s before it ends; a new one
/// is saved before anybody gets it, so that a crash never loses a refresh token.
public actor TokenSource {
    /// How long before its end a token counts as old.
    ///
    /// - SeeAlso: google-auth for Python, `_helpers.REFRESH_THRESHOLD` (3 min 45 s).
    public static let refreshMargin: Duration = .seconds(225)

    private var grant: OAuthGrant
    private let renew: @Sendable (OAuthGrant) async throws(OAuthError) -> OAuthGrant
    private let save: @Sendable (OAuthGrant) async throws -> Void
    private let now: @Sendable () -> Date
    private var refresh: Task<Result<AccessToken, OAuthError>, Never>?

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - grant: What is stored.
    ///   - now: The wall clock.
    ///   - renew: Has a new token from Google; ``OAuthAPI/renew(_:)`` in a program.
    ///   - save: Stores the renewed grant; called before the new token is used.
    public init(
        grant: OAuthGrant, now: @escaping @Sendable () -> Date,
        renew: @escaping @Sendable (OAuthGrant) async throws(OAuthError) -> OAuthGrant,
        save: @escaping @Sendable (OAuthGrant) async throws -> Void
    ) {
        self.grant = grant
        self.now = now
        self.renew = renew
        self.save = save
    }

    /// A source with one token that never changes, for local Googles and tests.
    public init(fixed token: String) {
        self.init(
            grant: OAuthGrant(
                source: .bearerOnly, accessToken: AccessToken(value: token, expires: nil)),
            now: { Date(timeIntervalSince1970: 0) },
            renew: { _ throws(OAuthError) in
                throw OAuthError(
                    code: .noRefreshToken,
                    message: "The fixed token was refused and cannot be renewed; name another.")
            }, save: { _ in })
    }

    /// The grant as it is now.
    public var current: OAuthGrant { grant }

    /// A token that is good for a while; refreshed first if it is not.
    ///
    /// When the refresh fails but the token has not ended yet, the token is returned.
    public func token() async throws(OAuthError) -> AccessToken {
        guard let held = grant.accessToken,
            held.isGood(at: now(), margin: Self.refreshMargin)
        else {
            do { return try await renewed() } catch {
                guard error.isTransient, let held = grant.accessToken,
                    held.isGood(at: now(), margin: .zero)
                else { throw error }
                return held
            }
        }
        return held
    }

    /// A token other than the one that Google just refused.
    ///
    /// Callers that were refused with the same token share one refresh; a caller who comes late,
    /// when the token has been replaced already, gets the new one at once.
    public func token(replacing refused: AccessToken) async throws(OAuthError) -> AccessToken {
        if let held = grant.accessToken, held.value != refused.value,
            held.isGood(at: now(), margin: .zero)
        {
            return held
        }
        return try await renewed()
    }

    private func renewed() async throws(OAuthError) -> AccessToken {
        let running: Task<Result<AccessToken, OAuthError>, Never>
        if let refresh {
            running = refresh
        } else {
            // A task of its own: one caller's cancellation must not fail the others.
            running = Task { await self.renewOnce() }
            refresh = running
        }
        return try await running.value.get()
    }

    private func renewOnce() async -> Result<AccessToken, OAuthError> {
        defer { refresh = nil }
        let next: OAuthGrant
        do { next = try await renew(grant) } catch { return .failure(error) }
        guard let token = next.accessToken else {
            return .failure(
                OAuthError(code: .unreadable, message: "The renewed grant has no token."))
        }
        do { try await save(next) } catch {
            return .failure(
                OAuthError(
                    code: .notSaved,
                    message: "The new token could not be saved, so it was not used; "
                        + "make room or fix the rights, then try again.", cause: error))
        }
        grant = next
        return .success(token)
    }
}
