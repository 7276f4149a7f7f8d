import Testing

@testable import tandem

/// Words that name no command.
@Suite struct UnknownCommandTests {
    private func unknown(_ line: String) -> UnknownCommand? {
        UnknownCommand(in: line.split(separator: " ").map(String.init), named: "tandem")
    }

    @Test(arguments: [
        ("evnts", "There is no command 'evnts'. Did you mean 'events'?", "tandem --help"),
        ("evnts list", "There is no command 'evnts'. Did you mean 'events'?", "tandem --help"),
        ("help evnts", "There is no command 'evnts'. Did you mean 'events'?", "tandem --help"),
        (
            "events lst --all", "There is no command 'lst' of 'events'. Did you mean 'list'?",
            "tandem events --help"
        ),
        ("milk", "There is no command 'milk'.", "tandem --help"),
        (
            "emulator stop",
            "There is no command 'stop' of 'emulator'. A local Google ends at Ctrl-C where it was "
                + "started.", "tandem emulator --help"
        ),
        (
            "emulator status",
            "There is no command 'status' of 'emulator'. What a local Google holds: tandem "
                + "emulator counters, or its address in a browser.", "tandem emulator --help"
        ),
    ])
    func `a word that names no command is told, and where to look`(
        line: String, message: String, remedy: String
    ) {
        #expect(unknown(line)?.message == message)
        #expect(unknown(line)?.remedy == remedy)
    }

    @Test(arguments: [
        "", "help", "help help", "help events list", "events", "events list", "events list x",
        "agenda milk", "--json milk", "events --json milk", "-- milk",
    ])
    func `arguments, and what stands behind a flag, are no commands`(line: String) {
        #expect(unknown(line) == nil)
    }
}
