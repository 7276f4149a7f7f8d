/// One thing that an account holds of a service, such as a calendar, for people.
struct Holding {
    /// What the account calls it.
    let name: String
    /// What it is, and what the account may do with it.
    let detail: String
    /// Its id at Google.
    let id: String
    /// How much is in it.
    let count: Int
    /// What one of that is called: `event`.
    let unit: String

    /// The count in words.
    var counted: String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
}
