/// What to do about each kind of refusal, in a sentence.
enum Remedies {
    static func text(for code: GoogleError.Code, skew: Duration?) -> String {
        let advice = sentences.first { $0.0 == code }?.1 ?? "Nothing was changed."
        guard code == .unauthorized, let skew, abs(skew / .seconds(1)) > 300 else { return advice }
        return advice + " " + clock(skew)
    }

    /// A hint for a clock that is more than five minutes wrong.
    static func clock(_ skew: Duration) -> String {
        let minutes = Int((abs(skew / .seconds(1)) / 60).rounded())
        let direction = skew > .zero ? "ahead of" : "behind"
        return "This machine's clock is \(minutes) minutes \(direction) Google's: set it right."
    }

    private static let sentences: [(GoogleError.Code, String)] = [
        (.badRequest, "Google will not accept this call as it is; correct it."),
        (.timeRangeEmpty, "The end lies before the start; correct the times."),
        (.unauthorized, "The sign-in no longer counts; sign in again."),
        (.insufficientScope, "The sign-in does not cover this; sign in again and allow it."),
        (.serviceDisabled, "Switch this API on for the client's project in Google's console."),
        (.forbidden, "This account may not do that here."),
        (.notFound, "It does not exist, or this account may not see it."),
        (.duplicate, "The id is taken already, perhaps by a deleted item; choose another."),
        (.conflict, "Another change came at the same moment; read it and try again."),
        (.deleted, "It is deleted already."),
        (.fullSyncRequired, "The position is too old; list everything again."),
        (.preconditionFailed, "It changed meanwhile; read it again and merge."),
        (.tooLarge, "It is too large for Google; make it smaller."),
        (.rateLimited, "Too many calls; wait and try again."),
        (.quotaExceeded, "A usage limit is reached; it lifts after some hours."),
        (.dailyLimitExceeded, "The daily limit is reached; it lifts at midnight Pacific time."),
        (.storageFull, "The account's storage is full; make room."),
        (.backend, "Google failed; try again later."),
    ]
}
