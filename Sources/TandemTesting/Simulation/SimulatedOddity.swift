/// What makes a world hard to judge: some checks are for worlds without it, which others have.
enum SimulatedOddity {
    /// An instance says what its series says, and goes with it.
    case series
    /// A note that makes no sense.
    case garbage
    /// A thing that has its name from elsewhere may be known already.
    case imports
    /// What was decided or edited was taken back.
    case secondThoughts

    /// What an action brings in; `nil` where it is plain.
    init?(_ action: SimulatedAction) {
        switch action {
        case .createSeries, .foreignCreateSeries: self = .series
        case .foreignGarbage: self = .garbage
        case .importNote, .foreignImport: self = .imports
        case .drop, .decideAside, .bringBack: self = .secondThoughts
        default: return nil
        }
    }
}

extension SimulationOracle {
    /// Whether a world has met none of these.
    func hasMetNone(of oddities: SimulatedOddity...) -> Bool { met.isDisjoint(with: oddities) }
}
