import Routing

/// An account, without what it is opened with.
struct User: Sendable, Hashable {
    /// Lower-case UUIDv7, so that ids sort by age.
    let id: String
    var email: EmailAddress
    var name: PersonName
    var role: Role
    /// Microseconds since the epoch.
    let createdAt: Int
    var updatedAt: Int

    /// What the user may do: an admin may do what customers do.
    var roles: [Role] { self.role == .admin ? [.customer, .admin] : [.customer] }
}

/// What somebody is called, as they said it; every part may be missing.
struct PersonName: Sendable, Hashable {
    /// In Unicode scalars, each part.
    static let lengthMax = 200

    /// The whole name where it was given in one piece.
    var whole: String?
    var first: String?
    var last: String?

    /// The whole name: as given, or made of the first and the last one.
    var display: String? {
        if let whole = self.whole { return whole }
        let parts = [self.first, self.last].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

/// A user together with the hash a sign-in is compared with.
struct Account: Sendable {
    let user: User
    /// bcrypt, in crypt's notation.
    let passwordHash: String
}
