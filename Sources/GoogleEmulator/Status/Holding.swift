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
    /// What is counted: `events`.
    let unit: String
}
