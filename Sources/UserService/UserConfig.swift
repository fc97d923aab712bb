import ServiceKit

/// The settings of the user service.
struct UserConfig: Sendable {
    /// `VITRINE_BCRYPT_COST`: logarithm of bcrypt's rounds, 4 to 16, default 12 (about a quarter of a second). Below 10
    /// only in the lab (`VITRINE_LAB=1`).
    var bcryptCost = 12
    /// `VITRINE_LOGIN_ATTEMPTS_MAX`: failed sign-ins in a window for one account from one address, 1 to 1,000,000,000,
    /// default 10.
    var loginAttemptsMax = 10
    /// `VITRINE_LOGIN_ADDRESS_ATTEMPTS_MAX`: failed sign-ins in a window from one address whatever the account, 1 to
    /// 1,000,000,000; default ten times `VITRINE_LOGIN_ATTEMPTS_MAX`, since many people may share an address.
    var loginAddressAttemptsMax = 100
    /// `VITRINE_LOGIN_WINDOW`: how long failed sign-ins count, 1 s to 24 h, default 15 min.
    var loginWindow = Duration.seconds(15 * 60)
    /// `VITRINE_ACCESS_TOKEN_LIFETIME`: 1 min to 1 h, default 15 min.
    var accessTokenLifetime = Duration.seconds(15 * 60)
    /// `VITRINE_REFRESH_TOKEN_LIFETIME`: how long a session may rest between two refreshes, 1 h to 365 d, default 30 d.
    var refreshTokenLifetime = Duration.seconds(30 * 86_400)
    /// `VITRINE_SESSIONS_PER_USER_MAX`: sign-ins of one user that live side by side, 1 to 1000, default 20; the oldest
    /// ends.
    var sessionsPerUserMax = 20
    /// `VITRINE_SIGNING_KEY_ROTATION`: how long a key signs access tokens, 1 h to 365 d, default 30 d.
    var signingKeyRotation = Duration.seconds(30 * 86_400)

    /// What keys stay published for after their last signature.
    static let accessTokenLifetimeMax = Duration.seconds(3_600)

    init() {}

    /// Reads the settings; wrong ones are recorded in `reader`.
    init(_ reader: ConfigReader) {
        let countMax = 1_000_000_000
        self.bcryptCost = Self.bcryptCost(reader)
        self.loginAttemptsMax = reader.integer("VITRINE_LOGIN_ATTEMPTS_MAX", default: 10, in: 1...countMax)
        self.loginAddressAttemptsMax = reader.integer(
            "VITRINE_LOGIN_ADDRESS_ATTEMPTS_MAX", default: min(10 * self.loginAttemptsMax, countMax), in: 1...countMax)
        self.loginWindow = reader.duration(
            "VITRINE_LOGIN_WINDOW", default: self.loginWindow, in: .seconds(1) ... .seconds(86_400))
        self.accessTokenLifetime = reader.duration(
            "VITRINE_ACCESS_TOKEN_LIFETIME", default: self.accessTokenLifetime,
            in: .seconds(60)...Self.accessTokenLifetimeMax)
        let year = Duration.seconds(365 * 86_400)
        self.refreshTokenLifetime = reader.duration(
            "VITRINE_REFRESH_TOKEN_LIFETIME", default: self.refreshTokenLifetime, in: .seconds(3_600)...year)
        self.sessionsPerUserMax = reader.integer("VITRINE_SESSIONS_PER_USER_MAX", default: 20, in: 1...1_000)
        self.signingKeyRotation = reader.duration(
            "VITRINE_SIGNING_KEY_ROTATION", default: self.signingKeyRotation, in: .seconds(3_600)...year)
    }

    private static func bcryptCost(_ reader: ConfigReader) -> Int {
        let cost = reader.integer("VITRINE_BCRYPT_COST", default: 12, in: 4...16)
        if cost < 10 && !reader.bool("VITRINE_LAB", default: false) {
            reader.reject(
                "VITRINE_BCRYPT_COST", "'\(cost)' is too cheap to protect passwords; 10 or more outside the lab")
        }
        return cost
    }
}

extension Duration {
    /// Whole microseconds, cut off.
    var microseconds: Int {
        let (seconds, attoseconds) = self.components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }
}
