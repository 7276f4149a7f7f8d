import Foundation
import WebClient

/// What a program runs instead of a browser, whose requests would go past the proxy.
///
/// Programs that sign a person in open Google's page, and a browser would show the real one. This
/// says where the same page of the local Google is; its redirect leads back to the program.
/// - SeeAlso: The documentation of Python's `webbrowser`, and xdg-open(1), environment variable
///   `BROWSER`.
struct GuestBrowser {
    /// The local Google's address.
    let localGoogle: WebURL

    /// Which program a program is to open pages with.
    static let variable = "BROWSER"
    /// Beside the data of programs, in the folder of the run.
    static let path = "data/browser"

    /// The script.
    var script: String {
        """
        #!/bin/sh
        case $1 in
        https://accounts.google.com/*) page=\(local)/${1#https://accounts.google.com/} ;;
        https://www.google.com/*) page=\(local)/${1#https://www.google.com/} ;;
        *) page=$1 ;;
        esac
        printf 'tandem: %s: %s\\n' \\
            'A browser goes past the proxy, to the real Google; open this page instead' "$page" >&2

        """
    }

    private var local: String { localGoogle.origin.shellWord }

    /// Writes the script for the owner alone.
    ///
    /// - Returns: Its path.
    /// - Throws: ``CommandFailure`` with exit `configuration`; Foundation's errors.
    func write(into folder: URL) throws -> String {
        let file = folder.appending(path: Self.path)
        try Places.write(Array(script.utf8), to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
        return file.path
    }
}
