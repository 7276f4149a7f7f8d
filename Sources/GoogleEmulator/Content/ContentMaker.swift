import LosslessJSON

/// Fills a new world with what its configuration asks for.
enum ContentMaker {
    static func fill(_ world: World) {
        guard let account = world.defaultAccount else { return }
        switch world.configuration.content {
        case .empty: break
        case .sample: SampleContent(world: world, account: account).fill()
        case .generated(let content): generate(content, for: account, in: world)
        }
    }

    /// Adds generated events to an account, with new calendars beside the primary one.
    static func generate(_ content: GeneratedContent, for account: Account, in world: World) {
        var calendars = world.calendar(account.email).map { [$0] } ?? []
        for number in 1..<max(content.calendars, 1) {
            calendars.append(
                world.makeCalendar(
                    id: nil, owner: account, metadata: ["summary": .string("Project \(number)")]))
        }
        guard !calendars.isEmpty else { return }
        var generator = EventGenerator(world: world, account: account, seed: content.seed)
        for index in 0..<max(content.events, 0) {
            let calendar = calendars[index % calendars.count]
            generator.plant(
                on: calendar, isSeries: generator.random.below(100) < content.seriesPercent)
        }
    }
}
