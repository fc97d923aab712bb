package import Telemetry

/// Every metric of the user service.
package enum UserMetrics {
    package enum LoginOutcome: String, MetricLabel {
        case success
        /// Unknown account or wrong password: telling them apart is not for metrics either.
        case badCredentials = "bad_credentials"
        case throttled
        /// Too many sign-ins waited for a thread.
        case overloaded
        case failed

        package static var labelName: String { "outcome" }
    }

    package enum RefreshOutcome: String, MetricLabel {
        case success
        /// Never issued, or of a session that has ended.
        case unknown
        case expired
        /// Spent before: the family has been ended.
        case reused
        case failed

        package static var labelName: String { "outcome" }
    }

    package static let registered = CounterDescriptor<NoLabels>(
        "shop.users.registered", unit: .count("user"), help: "Accounts registered.")
    package static let logins = CounterDescriptor<LoginOutcome>(
        "shop.logins", unit: .count("login"), help: "Attempts to sign in, by outcome.")
    package static let refreshes = CounterDescriptor<RefreshOutcome>(
        "shop.token.refreshes", unit: .count("refresh"), help: "Attempts to exchange a refresh token, by outcome.")
    package static let sessionsDisplaced = CounterDescriptor<NoLabels>(
        "shop.sessions.displaced", unit: .count("session"),
        help: "Sessions ended because their user had too many.")
    package static let throttleKeys = GaugeDescriptor<NoLabels>(
        "shop.login.throttle.keys", unit: .count("key"),
        help: "Accounts and addresses whose failed sign-ins are counted.")
    package static let throttleEvictions = CounterDescriptor<NoLabels>(
        "shop.login.throttle.evictions", unit: .count("key"),
        help: "Counts of failed sign-ins forgotten early because there were too many.")
    package static let signingKeys = GaugeDescriptor<NoLabels>(
        "shop.signing_keys", unit: .count("key"), help: "Public keys now published.")
}

/// The instruments, registered once at start so that every series exists at zero.
struct UserInstruments: Sendable {
    let registered: Counter<NoLabels>
    let logins: Counter<UserMetrics.LoginOutcome>
    let refreshes: Counter<UserMetrics.RefreshOutcome>
    let sessionsDisplaced: Counter<NoLabels>

    init(_ telemetry: Telemetry, throttle: LoginThrottle, keys: SigningKeyRing) {
        let metrics = telemetry.metrics
        self.registered = metrics.counter(UserMetrics.registered)
        self.logins = metrics.counter(UserMetrics.logins)
        self.refreshes = metrics.counter(UserMetrics.refreshes)
        self.sessionsDisplaced = metrics.counter(UserMetrics.sessionsDisplaced)
        metrics.observableGauge(UserMetrics.throttleKeys) { [(NoLabels(), Double(throttle.keyCount))] }
        metrics.observableCounter(UserMetrics.throttleEvictions) { [(NoLabels(), Double(throttle.evicted))] }
        metrics.observableGauge(UserMetrics.signingKeys) { [(NoLabels(), Double(keys.count))] }
    }
}

extension Attribute {
    static var actorID: AttributeKey<String> {
        .init("shop.actor.id", .ours, "Who changes a user: an admin, or the user themselves.")
    }
    static var sessionFamily: AttributeKey<String> {
        .init("shop.session.family", .ours, "The login that a refresh token descends from.")
    }
    static var role: AttributeKey<String> { .init("shop.user.role", .ours, "What the user may do from now on.") }
    static var formerRole: AttributeKey<String> {
        .init("shop.user.former_role", .ours, "What the user could do until now.")
    }
    static var keyID: AttributeKey<String> {
        .init("shop.signing_key.id", .ours, "The key that tokens are signed with.")
    }
    static var sessionsEnded: AttributeKey<Int> { .init("shop.sessions.ended", .ours, "How many sessions ended.") }
    /// Infrastructure errors, which name no user.
    static func cause(_ error: any Error) -> Attribute { .errorMessage("\(error)") }
}
