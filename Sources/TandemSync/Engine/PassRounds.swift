import TandemCore

/// What a pass that rests is to do next.
enum Errand: Hashable, Sendable {
    /// Decide on what was read, and send what waits.
    case send(Doubt)
    /// Read what changed since.
    case readAgain
    /// Come to an end.
    case end
}

/// What a pass that has sent all it had wishes that everybody did before the run ends.
enum Wish: Hashable, Sendable {
    /// Read again: only then is it known whether something is gone or only moved.
    case reading
    /// Send again: something moved to where the rest of it is sent from, or came to life there.
    case sending
}

/// Which of the things that the provider called gone may only have been moved.
///
/// What is gone from one collection may lie in another one that was read before. Only once all
/// others were read after the provider said so it is sure that it is nowhere.
enum Doubt: Hashable, Sendable {
    /// None.
    case none
    /// These: of them it was said since others were read.
    case about([ResourceID])
    /// All, because not every collection could be read.
    case all

    /// Whether it is about a resource.
    func covers(_ resource: ResourceID) -> Bool {
        switch self {
        case .none: false
        case .about(let doubted): doubted.contains(resource)
        case .all: true
        }
    }

    /// The doubt after a provider called more things gone.
    func joined(by signs: [ResourceID]) -> Self {
        guard case .about(let doubted) = self else { return self }
        return .about(doubted + signs)
    }
}
