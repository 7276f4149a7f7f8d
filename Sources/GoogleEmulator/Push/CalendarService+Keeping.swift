extension CalendarService {
    /// What channels still have to say, and which of their posts are out.
    func keeping(_ world: World) -> (World) -> Void {
        let lines = world.calendarState.push.lines
        return { $0.calendarState.push.take(up: lines) }
    }
}
