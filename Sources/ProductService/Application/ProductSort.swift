/// The orders a list of products can have. Ties are broken by age, so every order is total.
enum ProductSort: String, Sendable, Hashable, CaseIterable {
    /// Last taken in first: the default.
    case newest
    case oldest
    case priceAscending = "price_asc"
    case priceDescending = "price_desc"
    /// By name, small and capital letters of ASCII being equal.
    case nameAscending = "name_asc"
    case nameDescending = "name_desc"
    /// Best match first; the default of searches, and for them only.
    case relevance

    /// Reads `sort`: the raw values, and the spellings that clients of similar shops use.
    ///
    /// | Spelling | Means |
    /// |---|---|
    /// | `-created_at`, `created_at_desc` | `newest` |
    /// | `created_at`, `created_at_asc` | `oldest` |
    /// | `price` | `price_asc` |
    /// | `-price` | `price_desc` |
    /// | `name` | `name_asc` |
    /// | `-name` | `name_desc` |
    init?(spelling text: String) {
        switch text {
        case "-created_at", "created_at_desc": self = .newest
        case "created_at", "created_at_asc": self = .oldest
        case "price": self = .priceAscending
        case "-price": self = .priceDescending
        case "name": self = .nameAscending
        case "-name": self = .nameDescending
        default: self.init(rawValue: text)
        }
    }

    /// One letter, for cursors.
    var code: Character {
        switch self {
        case .newest: "n"
        case .oldest: "o"
        case .priceAscending: "p"
        case .priceDescending: "P"
        case .nameAscending: "a"
        case .nameDescending: "A"
        case .relevance: "r"
        }
    }

    init?(code: Character) {
        guard let sort = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = sort
    }
}
