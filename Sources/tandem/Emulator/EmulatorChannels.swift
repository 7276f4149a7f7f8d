import ArgumentParser
import LosslessJSON

/// `emulator channels`.
struct EmulatorChannels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channels",
        abstract: "List the push channels of a local Google, and what waits to be posted.",
        usage: "tandem emulator channels [--url <url>] [<options>]",
        discussion: """
            Why a post did not arrive is told by 'tandem emulator start -vv'; how many
            did and did not: tandem emulator counters
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var target: EmulatorTarget

    func run() async throws {
        try await withEmulator(options, target) { app, control in
            let items = try await control.items("channels")
            return Outcome(
                Answer(json: ListPage(items: items).json, times: ItemText(zone: app.zone)) {
                    Self.table(items, $0)
                })
        }
    }

    /// A row for each channel; of what waits, how many and when the next one is due.
    static func table(_ items: [JSON], _ text: ItemText) -> TextTable {
        var table = TextTable(
            columns: [
                .init(title: "channel", isElastic: true), .init(title: "user", isElastic: true),
                .init(title: "address", isElastic: true), .init(title: "expires"),
                .init(title: "messages", isNumeric: true), .init(title: "waiting", isNumeric: true),
                .init(title: "next post", isOccasional: true),
                .init(title: "tries", isNumeric: true, isOccasional: true),
                .init(title: "watches", isDetail: true), .init(title: "resource", isDetail: true),
            ])
        table.emptyText = "No channels."
        for item in items {
            let next = item["posts"]?[0]
            table.rows.append([
                item["id"]?.string ?? "", item["user"]?.string ?? "",
                item["address"]?.string ?? "", text.moment(item["expires"]),
                item["messages"]?.text ?? "", item["waiting"]?.text ?? "",
                text.second(next?["due"]), next?["attempt"]?.text ?? "",
                item["resourceUri"]?.string ?? "", item["resourceId"]?.string ?? "",
            ])
        }
        return table
    }
}
