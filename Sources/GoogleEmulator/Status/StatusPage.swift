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
        <p>\(isPaused ? "<a href=\"\(Self.path)\">Look again by itself</a>"
            : "<a href=\"\(Self.path)?refresh=no\">Stand still</a>")</p>
        <form method="post" action="\(Self.path)page/clear-faults"><button>Clear faults</button>
        </form>
        <form action="\(Self.path)"><button name="ask" value="reset">Reset …</button></form>
        """
    }

    /// What a reset takes away cannot be had back.
    private var question: String {
        """
        <p>A reset takes away every change, sign-in, channel, fault and request since the start.</p>
        <form method="post" action="\(Self.path)page/reset"><button>Reset now</button></form>
        <p><a href="\(Self.path)">Keep everything</a></p>
        """
    }

    /// What happens comes before what there is, and the longest last.
    private var contents: String {
        let sections = [requests, faults, channels, mails, accounts, switches]
        let links = sections.map { "<a href=\"#\($0.mark)\">\(HTML.escaped($0.title))</a>" }
        return "<nav>\(links.joined(separator: " "))</nav>\n"
            + sections.map(\.html).joined(separator: "\n")
    }

    private var clock: String {
        let world = call.world
        let now = HTML.escaped(Stamp.utc(world.now))
        guard world.clockOffset != 0 else { return "It is \(now), as everywhere." }
        let real = Stamp.utc(world.now - world.clockOffset)
        return "It is \(now) here; elsewhere it is \(HTML.escaped(real))."
    }
}

// MARK: What it shows

extension StatusPage {
    fileprivate var accounts: StatusSection {
        var section = StatusSection("Accounts", ["account", "holds", "what", "how much"])
        for account in call.world.allAccounts {
            let holdings = call.state.services.all.flatMap {
                $0.holdings(of: account, in: call.world)
            }
            for (index, holding) in holdings.enumerated() {
                section.add([
                    index == 0 ? account.email : "", holding.name, holding.detail,
                    holding.counted,
                ])
            }
            if holdings.isEmpty { section.add([account.email, "", "", ""]) }
        }
        return section
    }

    fileprivate var requests: StatusSection {
        let all = call.state.log.items
        var section = StatusSection(
            "Requests", ["at", "method", "what", "path", "status", "took", "bytes", "fault"])
        section.note = "\(all.count) since they were last forgotten, the newest first."
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

    fileprivate var faults: StatusSection {
        var section = StatusSection("Faults that wait", ["id", "fault", "met"])
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
                "channel", "user", "watches", "address", "expires", "messages", "waiting",
                "next post",
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

    fileprivate var switches: StatusSection {
        var section = StatusSection("Switches", ["switch", "value", "default"])
        let standard = Switches()
        for row in SwitchTable.rows {
            let (value, usual) = (row.read(call.world.switches), row.read(standard))
            section.add(
                [row.name, value.string ?? value.text, usual.string ?? usual.text],
                isMarked: value != usual)
        }
        return section
    }

    fileprivate var mails: StatusSection {
        var section = StatusSection("Mails", ["to", "mails"])
        section.note = "\(call.world.mails.total) would have been sent; none was."
        for mail in call.world.mails.byAddress { section.add([mail.address, String(mail.count)]) }
        return section
    }
}
