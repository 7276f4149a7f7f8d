/// What an effect of a run asks for, as far as it decides on what can go wrong with it.
enum SimulatedEffect {
    /// Something to be stored.
    case transaction
    /// The first page of everything.
    case listing
    /// A page behind the first.
    case page
    /// The first page of changes, or a look-up.
    case read
    /// Writes.
    case write
    /// Time.
    case wait
}

/// What people of a simulated world do besides making, editing, moving and deleting notes; each
/// world has a part of these habits, so that each is seen with and without the others.
public enum SimulatedHabit: String, Hashable, Sendable, CaseIterable {
    /// Series, changed instances, changed slots.
    case series
    /// Series that are divided; nothing without series.
    case divisions
    /// Notes that come from elsewhere, with a name for the whole world.
    case imports
    /// Edits about which people are mailed.
    case mail
    /// A collection emptied at one go.
    case emptying
    /// Edits taken back, values set aside, second thoughts about conflicts.
    case secondThoughts
    /// Notes moved by somebody else.
    case moves
    /// Edits for which there is no room.
    case fullDisks
    /// What makes no sense, written by somebody else: in one world of ten.
    case garbage
}
