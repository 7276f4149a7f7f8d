/// Lets requests to a local Google be answered one after the other.
///
/// Its lock would do that, too, but a thread that waits for a lock spins first, and then sleeps,
/// while answers wait to be sent. Who waits for a turn here leaves its thread to others.
actor RequestTurns {
    private let google: LocalGoogle

    init(_ google: LocalGoogle) {
        self.google = google
    }

    func answer(_ request: EmulatorRequest) -> EmulatorResponse { google.handle(request) }
}
