import LosslessJSON

/// The page at `/_emulator/` on which a person sees what there is and what happens.
///
/// It needs nothing from elsewhere, runs no script, and looks again every few seconds; its buttons
/// are plain forms, which are only heard when they come from the page itself. Before a reset it
/// asks.
struct StatusPage {
    let call: ControlCall

    static let path = "/_emulator/"
    /// How often it looks again, in seconds.
    static let refreshSeconds = 5
    /// How many of the last requests are shown.
    static let requests = 50
    /// How many calendars, faults or addresses are shown of each.
    static let rows = 200

    static let routes: [ControlRoute] =
        ChannelListing.routes + [
            ControlRoute("GET", "") { (call: ControlCall) throws(LocalGoogleError) in
                StatusPage(call: call).reply
            },
            ControlRoute("POST", "page/reset") { (call: ControlCall) throws(LocalGoogleError) in
                pressed(call) { $0.commands.reset() }
            },
            ControlRoute("POST", "page/clear-faults") {
                (call: ControlCall) throws(LocalGoogleError) in
                pressed(call) { _ = $0.state.faults.remove(nil) }
            },
        ]

    /// Leads a browser that asks for `/` to the page; `nil` for every other request.
    ///
    /// One that comes with a query was led here by a sign-in, whose address people copy out of the
    /// browser.
    static func redirect(_ request: EmulatorRequest) -> EmulatorResponse? {
        guard request.path == "/", request.query.isEmpty, ["GET", "HEAD"].contains(request.method),
            let host = request.header("Host"), HostNames.isLoopback(host)
        else { return nil }
        return EmulatorResponse(
            status: 302, headers: [("Location", path), ("Cache-Control", "no-store")])
    }

    /// Does what a button is for, and shows the page again.
    ///
    /// Other pages on this machine may reach the control API, but not press the buttons: a form
    /// carries its origin, and that must be this very server.
    private static func pressed(
        _ call: ControlCall, _ action: (ControlCall) -> Void
    ) -> Reply {
        guard let host = call.request.header("Host"),
            call.request.header("Origin")?.lowercased() == "http://\(host)".lowercased()
        else {
            return ControlAPI.error(
                "forbidden", "This button works on the page \(path) only.", status: 403)
        }
        action(call)
        return Reply(status: 303, headers: [("Location", path), ("Cache-Control", "no-store")])
    }

    private var reply: Reply {
        let headers = [
            ("Cache-Control", "no-store"),
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                    + "base-uri 'none'; frame-ancestors 'none'"
            ),
            ("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff"),
            // Not `no-referrer`, with which forms would not tell their origin.
            ("Referrer-Policy", "same-origin"),
        ]
        return Reply(
            headers: headers, content: .other("text/html; charset=utf-8", Array(document.utf8)))
    }

    private var query: Parameters { Parameters(formEncoded: call.request.query) }
    private var isAsking: Bool { query["ask"] == "reset" }
    private var isPaused: Bool { isAsking || query["refresh"] == "no" }

    private var document: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        \(isPaused ? "" : "<meta http-equiv=\"refresh\" content=\"\(Self.refreshSeconds)\">")
        <title>Local Google</title>
        <style>\(StatusStyle.sheet)</style></head>
        <body><header><h1>Local Google</h1>
        <p>\(clock)</p>
        \(isAsking ? question : controls)
        </header>
        <main>
        \(isAsking ? "" : contents)
        </main></body></html>

        """
    }

    private var controls: String {
        """
        <form method="post" action="\(Self.path)page/clear-faults"><button>Clear faults</button>
        </form>
        <form action="\(Self.path)"><button name="ask" value="reset">Reset …</button></form>
        <p class="last">\(isPaused ? "<a href=\"\(Self.path)\">Refresh again</a>"
            : "<a href=\"\(Self.path)?refresh=no\">Pause this page</a>")</p>
        """
    }

    /// What a reset takes away cannot be had back.
    private var question: String {
        """
        <p>A reset takes away every change, sign-in, channel, fault, quota, lag, switch and request
        since the start, and sets the clock right.</p>
        <form method="post" action="\(Self.path)page/reset"><button>Reset now</button></form>
        <p><a href="\(Self.path)">Keep everything</a></p>
        """
    }

    /// What happens comes before what there is, and the longest last.
    private var contents: String {
        let sections = [requests, faults, hardships, channels, mails, accounts, switches]
        let links = sections.map { "<a href=\"#\($0.mark)\">\(HTML.escaped($0.title))</a>" }
        return "<nav>\(links.joined(separator: " "))</nav>\n"
            + sections.map(\.html).joined(separator: "\n")
    }

    private var clock: String {
        let world = call.world
        let now = HTML.escaped(Stamp.utc(world.now))
        guard world.clockOffset != 0 else { return "It is \(now), the machine's time." }
        let real = Stamp.utc(world.now - world.clockOffset)
        return "It is \(now) here; elsewhere it is \(HTML.escaped(real))."
    }
}

// MARK: What it shows

extension StatusPage {
    fileprivate var accounts: StatusSection {
        var section = StatusSection(
            "Accounts",
            ["account", .long("holds"), "what", .number("how much")])
        for account in call.world.allAccounts {
            let holdings = call.state.services.all.flatMap {
                $0.holdings(of: account, in: call.world)
            }
            for holding in holdings {
                section.add([account.email, holding.name, holding.detail, holding.counted])
            }
            if holdings.isEmpty { section.add([account.email, "", "", ""]) }
        }
        return section
    }

    fileprivate var requests: StatusSection {
        let all = call.state.log.items
        var section = StatusSection(
            "Requests",
            [
                "at", "method", "what", .long("path"), .number("status"), .number("took"),
                .number("bytes"), .long("fault"),
            ])
        if !all.isEmpty {
            let shown = all.count > Self.requests ? "; the last \(Self.requests)" : ""
            section.note = "\(Self.counted(all.count, "request"))\(shown), newest first."
        }
        for record in all.suffix(Self.requests).reversed() {
            section.add(
                [
                    String(Stamp.utc(record.at).dropFirst(11)), record.method,
                    "\(record.api) \(record.apiMethod)" + (record.isPartOfBatch ? ", batch" : ""),
                    String(record.path.prefix(200)),
                    record.status == 0 ? "cut" : String(record.status),
                    "\(record.milliseconds) ms", String(record.bytes), record.fault ?? "",
                ], isMarked: record.status >= 400 || record.status == 0)
        }
        return section
    }

    /// `1 mail`, `2 mails`.
    private static func counted(_ count: some BinaryInteger, _ unit: String) -> String {
        "\(count) \(unit)\(count == 1 ? "" : "s")"
    }

    /// What makes an API harder to use without breaking it.
    fileprivate var hardships: StatusSection {
        var section = StatusSection("Quotas and lag", ["what", "api", .long("how much")])
        for (what, listing) in [
            ("quota", call.state.quotas.json), ("lag", call.state.lags.json),
        ] {
            for item in listing.array ?? [] {
                let shown = (item.object?.members ?? []).filter { $0.key != "api" }
                    .map { "\($0.key) \($0.value.string ?? $0.value.text)" }
                section.add(
                    [what, item["api"]?.string ?? "", shown.joined(separator: ", ")],
                    isMarked: true)
            }
        }
        return section
    }

    fileprivate var faults: StatusSection {
        var section = StatusSection("Faults that wait", ["id", .long("fault"), .number("met")])
        for armed in call.state.faults.waiting {
            let shown = (armed.json.object ?? [:]).members
                .filter { !["id", "seen"].contains($0.key) }
                .map { "\($0.key) \($0.value.string ?? $0.value.text)" }
            section.add([
                armed.id, String(shown.joined(separator: ", ").prefix(500)), String(armed.seen),
            ])
        }
        return section
    }

    fileprivate var channels: StatusSection {
        var section = StatusSection(
            "Push channels",
            [
                .long("channel"), "user", .long("watches"), .long("address"), "expires",
                .number("messages"), .number("waiting"), "next post",
            ])
        for item in ChannelListing(world: call.world).items {
            let channel = item.channel
            let next = item.posts.first.map { post in
                "\(Stamp.utc(post.due).dropFirst(11)), try \(post.attempt)"
            }
            section.add(
                [
                    channel.id, channel.user, String(channel.resourceURI.prefix(200)),
                    String(channel.address.prefix(200)), Stamp.utc(channel.expires),
                    String(channel.lastNumber), String(item.waiting), next ?? "",
                ], isMarked: item.posts.contains { $0.attempt > 1 })
        }
        return section
    }

    /// Those that were changed come first; narrow screens show no others.
    fileprivate var switches: StatusSection {
        var section = StatusSection("Switches", ["switch", .long("value"), .long("default")])
        let standard = Switches()
        let rows = SwitchTable.rows.map { row in
            (row.name, value: row.read(call.world.switches), usual: row.read(standard))
        }
        let changed = rows.filter { $0.value != $0.usual }
        section.note =
            changed.isEmpty
            ? "All are at their defaults."
            : "\(changed.count) of \(rows.count) changed from the default, marked."
        for (name, value, usual) in changed + rows.filter({ $0.value == $0.usual }) {
            section.add(
                [name, value.string ?? value.text, usual.string ?? usual.text],
                isMarked: value != usual)
        }
        return section
    }

    fileprivate var mails: StatusSection {
        var section = StatusSection("Mails", [.long("to"), .number("mails")])
        let total = call.world.mails.total
        if total > 0 { section.note = "\(Self.counted(total, "mail")) would have been sent." }
        for mail in call.world.mails.byAddress { section.add([mail.address, String(mail.count)]) }
        return section
    }
}
