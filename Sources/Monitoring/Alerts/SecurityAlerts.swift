import Resilience
import ServiceKit
import Telemetry
import UserService

/// Sign-ins, tokens, limits, keys and certificates.
enum SecurityAlerts {
    /// - Parameter scale: certificates expire in the time of the clock, so nothing here shrinks but windows and waits.
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea(
            "security",
            [
                Self.failures, Self.throttled, Self.reuse, Self.limited, Self.refused, Self.keys,
                Self.expiring, Self.expiresSoon,
            ])
    }

    private static let length = PromDuration.minutes(30)
    private static let limiter = LabelKey("limiter")
    private static let user = [Label("service", "user")]

    // MARK: Sign-ins

    private static let loginLooks: [Runbook.Look] = [
        .query(
            "Sign-ins by outcome:",
            Series(UserMetrics.logins).rate(.minutes(5)).sum(by: [LabelKey(UserMetrics.LoginOutcome.self)])),
        .query("Accounts and addresses whose failures are counted:", Series(UserMetrics.throttleKeys).value),
        .query(
            "Of these, forgotten early for want of room:", Series(UserMetrics.throttleEvictions).increase(.minutes(5))),
        .command(
            "The newest refusals:",
            "grep -E 'sign-in|login' .vitrine/logs/user.log | tail -20"),
    ]

    private static func logins(_ outcome: UserMetrics.LoginOutcome, _ segments: InputSeries.Segment...) -> InputSeries {
        InputSeries(Series(UserMetrics.logins, .is(.service, "user"), .is(outcome)).value, segments)
    }

    private static var failures: Alert {
        let failed = Series(UserMetrics.logins, .is(UserMetrics.LoginOutcome.badCredentials))
        let all = Series(UserMetrics.logins)
        let rule = AlertRule(
            "LoginFailures", .ticket,
            when: PromQL.ratio(
                failed.rate(.minutes(5)).sum(by: [.service]), all.rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.5)
                .with(atLeast: 10, of: failed.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(1),
            summary: "Most sign-ins fail",
            description: "{{ $value | humanizePercentage }} of the sign-ins have a wrong password, or an account that does "
                + "not exist.",
            dashboard: .business)
        func tried(failed: Double, succeeded: Double) -> [InputSeries] {
            [
                self.logins(.badCredentials, .rising(perSecond: failed, for: self.length)),
                self.logins(.success, .rising(perSecond: succeeded, for: self.length)),
            ]
        }
        return Alert(
            rule,
            Runbook(
                means: "Somebody tries passwords, or accounts of another shop's leak; or a release lets customers send "
                    + "what cannot be right.",
                customers: "None of those who sign in properly, but guessing costs threads that they wait for.",
                look: self.loginLooks,
                steps: [
                    "If `LoginsThrottled` fires too, guessing is held back for those accounts and addresses already.",
                    "If it began with a release of a client, customers cannot sign in: take that back.",
                    "If it is guessing from many addresses, refuse them before the gateway, or lower "
                        + "`VITRINE_LOGIN_ADDRESS_ATTEMPTS_MAX`.",
                    "Successes among the failures may be accounts that were broken into: end their sessions.",
                ],
                reproduce: .command(
                    "two hundred sign-ins with a wrong password.",
                    "for i in $(seq 200); do curl -s -o /dev/null http://127.0.0.1:8000/api/v1/auth/login "
                        + "-H 'content-type: application/json' "
                        + "-d \"{\\\"email\\\":\\\"nobody$i@vitrine.dev\\\",\\\"password\\\":\\\"wrong-password\\\"}\"; done")),
            cases: [
                .fires(
                    rule, "three in four", given: tried(failed: 0.3, succeeded: 0.1), at: .minutes(10), self.user,
                    summary: "Most sign-ins fail",
                    description: "75% of the sign-ins have a wrong password, or an account that does not exist."),
                .quiet(rule, "two in five", given: tried(failed: 0.2, succeeded: 0.3), at: .minutes(10)),
                .quiet(rule, "all, but six in five minutes", given: tried(failed: 0.02, succeeded: 0), at: .minutes(10)),
            ])
    }

    private static var throttled: Alert {
        let throttled = Series(UserMetrics.logins, .is(UserMetrics.LoginOutcome.throttled))
        let rule = AlertRule(
            "LoginsThrottled", .ticket,
            when: throttled.increase(.minutes(5)).sum(by: [.service]).atLeast(5),
            summary: "Sign-ins are refused because too many have failed",
            description: "{{ $value | humanize }} sign-ins were answered with 429 within five minutes.",
            dashboard: .business)
        return Alert(
            rule,
            Runbook(
                means: "An account or an address has failed so often within `VITRINE_LOGIN_WINDOW` that further tries are "
                    + "not looked at: the defence against guessing works.",
                customers: "Who owns such an account, or shares such an address, cannot sign in until the window is over.",
                look: self.loginLooks,
                steps: [
                    "See `LoginFailures` for who guesses.",
                    "If a customer is locked out by somebody who guesses theirs, their other sessions stay as they are; the "
                        + "count is forgotten when the user service restarts.",
                    "If many customers share an address (a company, a telephone network), raise "
                        + "`VITRINE_LOGIN_ADDRESS_ATTEMPTS_MAX`.",
                ],
                reproduce: .command(
                    "thirty wrong passwords for one account; ten are looked at.",
                    "for i in $(seq 30); do curl -s -o /dev/null http://127.0.0.1:8000/api/v1/auth/login "
                        + "-H 'content-type: application/json' "
                        + "-d '{\"email\":\"nobody@vitrine.dev\",\"password\":\"wrong-password\"}'; done")),
            cases: [
                .fires(
                    rule, "twenty",
                    given: [self.logins(.throttled, .at(0, for: .minutes(5)), .at(20, for: self.length))],
                    at: .minutes(6), self.user, summary: "Sign-ins are refused because too many have failed",
                    description: "21.05 sign-ins were answered with 429 within five minutes."),
                .quiet(
                    rule, "somebody who tries twice more",
                    given: [self.logins(.throttled, .at(0, for: .minutes(5)), .at(2, for: self.length))],
                    at: .minutes(6)),
            ])
    }
}
