/// Google's colours of calendars and events.
///
/// - SeeAlso: Google Calendar API reference, "Colors: get".
enum Palette {
    struct Pair {
        let background: String
        let foreground: String
    }

    static let calendars = [
        "#ac725e", "#d06b64", "#f83a22", "#fa573c", "#ff7537", "#ffad46", "#42d692", "#16a765",
        "#7bd148", "#b3dc6c", "#fbe983", "#fad165", "#92e1c0", "#9fe1e7", "#9fc6e7", "#4986e7",
        "#9a9cff", "#b99aff", "#c2c2c2", "#cabdbf", "#cca6ac", "#f691b2", "#cd74e6", "#a47ae2",
    ]

    static let events = [
        "#a4bdfc", "#7ae7bf", "#dbadff", "#ff887c", "#fbd75b", "#ffb878", "#46d6db", "#e1e1e1",
        "#5484ed", "#51b749", "#dc2127",
    ]

    static let foreground = "#1d1d1d"

    /// The colours of a calendar's colour id; the first ones for an unknown id.
    static func calendar(_ id: String) -> Pair {
        let index = (Int(id) ?? 1) - 1
        return Pair(
            background: calendars.indices.contains(index) ? calendars[index] : calendars[0],
            foreground: foreground)
    }
}
