/// What a sign-in or a refresh hands out.
struct Session: Sendable {
    let user: User
    let accessToken: String
    /// Seconds.
    let expiresIn: Int
    let refreshToken: RefreshToken
}

/// How long sessions last and how many a user may have.
struct SessionPolicy: Sendable {
    /// Microseconds between two refreshes.
    let refreshLifetime: Int
    /// Families of one user that live side by side.
    let liveMax: Int
}
