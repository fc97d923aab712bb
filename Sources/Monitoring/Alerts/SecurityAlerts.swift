import Resilience
import ServiceKit
import Telemetry
import UserService

/// Sign-ins, tokens, limits, keys and certificates.
enum SecurityAlerts {
    /// - Parameter scale: does not shrink when certificates expire, which is in the time of the clock.
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea(
            "security",
            [
                Self.failures(scale), Self.throttled, Self.reuse, Self.limited, Self.refused(scale), Self.keys,
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
            "grep '/api/v1/auth/login' .vitrine/logs/user.log | grep -E '\"http.response.status_code\":4' | tail -20"),
    ]

    private static func logins(_ outcome: UserMetrics.LoginOutcome, _ segments: InputSeries.Segment...) -> InputSeries {
        InputSeries(Series(UserMetrics.logins, .is(.service, "user"), .is(outcome)).value, segments)
    }

    private static func failures(_ scale: TimeScale) -> Alert {
        let failed = Series(UserMetrics.logins, .is(UserMetrics.LoginOutcome.badCredentials))
        let all = Series(UserMetrics.logins)
        let rule = AlertRule(
            "LoginFailures", .ticket,
            when: PromQL.ratio(
                failed.rate(.minutes(5)).sum(by: [.service]), all.rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.5)
                .with(atLeast: scale.count(10), of: failed.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(1),
            summary: "Most sign-ins fail",
            description:
                "{{ $value | humanizePercentage }} of the sign-ins have a wrong password, or an account that does "
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
                        + "-d '{\"email\":\"nobody@vitrine.dev\",\"password\":\"wrong-password\"}'; done")),
            cases: [
                .fires(
                    rule, "three in four", given: tried(failed: 0.3, succeeded: 0.1), at: .minutes(10), self.user,
                    summary: "Most sign-ins fail",
                    description: "75% of the sign-ins have a wrong password, or an account that does not exist."),
                .quiet(rule, "two in five", given: tried(failed: 0.2, succeeded: 0.3), at: .minutes(10)),
                .quiet(
                    rule, "all, but six in five minutes", given: tried(failed: 0.02, succeeded: 0), at: .minutes(10)),
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
                means:
                    "An account or an address has failed so often within `VITRINE_LOGIN_WINDOW` that further tries are "
                    + "not looked at: the defence against guessing works.",
                customers:
                    "Who owns such an account, or shares such an address, cannot sign in until the window is over.",
                look: self.loginLooks,
                steps: [
                    "See `LoginFailures` for who guesses.",
                    "If a customer is locked out by somebody who guesses theirs, their other sessions stay as they "
                        + "are; the count is forgotten when the user service restarts.",
                    "If many customers share an address (a company, a telephone network), raise "
                        + "`VITRINE_LOGIN_ADDRESS_ATTEMPTS_MAX`.",
                ],
                reproduce: .casesOnly("the lab lifts the limits, so that made-up customers are not locked out.")),
            cases: [
                .fires(
                    rule, "twenty",
                    given: [self.logins(.throttled, .at(0, for: .minutes(5)), .at(20, for: self.length))],
                    at: .minutes(6), self.user, summary: "Sign-ins are refused because too many have failed",
                    description: "20 sign-ins were answered with 429 within five minutes."),
                .quiet(
                    rule, "somebody who tries twice more",
                    given: [self.logins(.throttled, .at(0, for: .minutes(5)), .at(2, for: self.length))],
                    at: .minutes(6)),
            ])
    }

    // MARK: Tokens

    private static var reuse: Alert {
        let reused = Series(UserMetrics.refreshes, .is(UserMetrics.RefreshOutcome.reused))
        let rule = AlertRule(
            "RefreshTokenReuse", .ticket,
            when: reused.increase(.minutes(15)).sum(by: [.service]).greater(than: 0),
            summary: "A refresh token was used twice",
            description:
                "Of late {{ $value | humanize }} refresh tokens came back that were spent before; their sessions "
                + "have been ended.",
            dashboard: .business)
        func refreshed(_ segments: InputSeries.Segment...) -> InputSeries {
            InputSeries(
                Series(UserMetrics.refreshes, .is(.service, "user"), .is(UserMetrics.RefreshOutcome.reused)).value,
                segments)
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "A refresh token is good for one exchange. One that comes twice was stolen – or a client sent the "
                    + "same request twice. Thief and owner cannot be told apart, so the whole session ends.",
                customers: "The owner has to sign in again.",
                look: [
                    .query(
                        "Exchanges by outcome:",
                        Series(UserMetrics.refreshes).increase(.minutes(15)).sum(
                            by: [LabelKey(UserMetrics.RefreshOutcome.self)])),
                    .command("Whose sessions:", "grep 'shop.session.family' .vitrine/logs/user.log | tail -20"),
                ],
                steps: [
                    "If one user is hit, ask them; if they did not do it, let them change their password.",
                    "If many are hit since a release of a client, it repeats exchanges that timed out: take it back.",
                    "If many are hit and no client has changed, tokens have leaked: look at who could read them.",
                ],
                reproduce: .command(
                    "a refresh token, used twice.",
                    "T=$(curl -s http://127.0.0.1:8000/api/v1/auth/login -H 'content-type: application/json' "
                        + "-d '{\"email\":\"demo@vitrine.dev\",\"password\":\"demo-password\"}' "
                        + "| sed 's/.*\"refresh_token\":\"\\([^\"]*\\).*/\\1/'); for i in 1 2; do "
                        + "curl -s http://127.0.0.1:8000/api/v1/auth/refresh -H 'content-type: application/json' "
                        + "-d \"{\\\"refresh_token\\\":\\\"$T\\\"}\"; done")),
            cases: [
                .fires(
                    rule, "a single one",
                    given: [refreshed(.at(0, for: .minutes(5)), .at(1, for: self.length))], at: .minutes(16), self.user,
                    summary: "A refresh token was used twice",
                    description:
                        "Of late 1 refresh tokens came back that were spent before; their sessions have been "
                        + "ended."),
                .quiet(
                    rule, "one half an hour ago",
                    given: [refreshed(.at(0, for: .minutes(5)), .at(1, for: .minutes(40)))], at: .minutes(35)),
            ])
    }

    private static func refused(_ scale: TimeScale) -> Alert {
        let refused = Series(SecurityMetrics.tokens, .isAny(TokenOutcome.refused, TokenOutcome.malformed))
        let all = Series(SecurityMetrics.tokens)
        let rule = AlertRule(
            "AccessTokensRefused", .ticket,
            when: PromQL.ratio(
                refused.rate(.minutes(5)).sum(by: [.service]), all.rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.2)
                .with(atLeast: scale.count(15), of: refused.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(2),
            summary: "{{ $labels.service }} refuses many access tokens",
            description:
                "{{ $value | humanizePercentage }} of the tokens are expired, forged, of an unknown key, or none at "
                + "all.",
            dashboard: .gateway)
        func tokens(_ outcome: TokenOutcome, perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(SecurityMetrics.tokens, .is(.service, "gateway"), .is(outcome)).value,
                .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "More than one in five tokens is not accepted: keys were changed without the services knowing, "
                    + "clocks are apart, a client does not renew its tokens, or somebody tries forged ones.",
                customers: "401; who is signed in seems signed out.",
                look: [
                    .query(
                        "Tokens by outcome:",
                        Series(SecurityMetrics.tokens).rate(.minutes(5)).sum(
                            by: [.service, LabelKey(TokenOutcome.self)])),
                    .query("Keys that are published:", Series(UserMetrics.signingKeys).value),
                    .query(
                        "Clocks, against that of Prometheus:",
                        Series(ProcessMetrics.clock).value
                            - .call("timestamp", [Series(ProcessMetrics.clock).value])),
                    .command("The keys as services see them:", "curl -s http://127.0.0.1:8000/.well-known/jwks.json"),
                ],
                steps: [
                    "If all services refuse since the same moment, compare the keys' ids with those in tokens: were "
                        + "the keys in the user service's store lost, or put back from a backup?",
                    "If one service alone does, its clock is off (`ClockSkew`), or it cannot fetch the keys: look "
                        + "at its calls of `/.well-known/jwks.json`.",
                    "If most are malformed, a client is broken, or somebody probes; the log tells which route.",
                ],
                reproduce: .command(
                    "three hundred requests with a token that is none.",
                    "curl -s -o /dev/null -H 'authorization: Bearer a.b.c' 'http://127.0.0.1:8000/api/v1/cart?[1-300]'")
            ),
            cases: [
                .fires(
                    rule, "every other one",
                    given: [tokens(.refused, perSecond: 0.5), tokens(.cached, perSecond: 0.5)], at: .minutes(10),
                    [Label("service", "gateway")], summary: "gateway refuses many access tokens",
                    description: "50% of the tokens are expired, forged, of an unknown key, or none at all."),
                .quiet(
                    rule, "one in ten: tokens that have just expired",
                    given: [tokens(.refused, perSecond: 0.5), tokens(.cached, perSecond: 4.5)], at: .minutes(10)),
                .quiet(
                    rule, "all, but six in five minutes", given: [tokens(.malformed, perSecond: 0.02)], at: .minutes(10)
                ),
            ])
    }

    private static var keys: Alert {
        let rule = AlertRule(
            "SigningKeysMissing", .page,
            when: Series(UserMetrics.signingKeys).value.min(by: [.service, .instance]).less(than: 1), for: .minutes(1),
            summary: "There is no key to sign tokens with",
            description: "{{ $labels.instance }} publishes {{ $value }} keys: nobody can sign in, and no token can be "
                + "checked.",
            dashboard: .business)
        func published(_ count: Double) -> InputSeries {
            InputSeries(
                Series(UserMetrics.signingKeys, .is(.service, "user"), .is(.instance, "user:9001")).value,
                .at(count, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "The user service has no signing key. Tokens are checked against the keys it publishes.",
                customers:
                    "Nobody can sign in; who is signed in is signed out once services have forgotten the old keys.",
                look: [
                    .query("Keys by process:", Series(UserMetrics.signingKeys).value),
                    .command("What is published:", "curl -s http://127.0.0.1:8000/.well-known/jwks.json"),
                    .command("What the service says of its keys:", "grep -i 'key' .vitrine/logs/user.log | tail -20"),
                ],
                steps: [
                    "The keys are in the user service's store: look whether it is the right one; a lost or an empty "
                        + "volume is the usual reason.",
                    "Put the store back from the backup if there is one: old tokens stay good.",
                    "If there is none, restart the service: it makes a new key, and everybody signs in again.",
                ],
                reproduce: .casesOnly(
                    "the user service does not start without a key, and never takes its last one away.")),
            cases: [
                .fires(
                    rule, "none is left", given: [published(0)], at: .minutes(5),
                    [Label("service", "user"), Label("instance", "user:9001")],
                    summary: "There is no key to sign tokens with",
                    description: "user:9001 publishes 0 keys: nobody can sign in, and no token can be checked."),
                .quiet(rule, "one is enough", given: [published(1)], at: .minutes(5)),
            ])
    }

    // MARK: Limits

    private static var limited: Alert {
        let rejected = Series(RateLimiterMetrics.rejected)
        let rule = AlertRule(
            "RateLimitSurge", .ticket,
            when: rejected.rate(.minutes(5)).sum(by: [.service, self.limiter]).greater(than: 1), for: .minutes(2),
            summary: "{{ $labels.service }} refuses requests beyond the limit of each {{ $labels.limiter }}",
            description: "{{ $value | humanize }} a second are answered with 429.",
            dashboard: .gateway)
        func refused(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(RateLimiterMetrics.rejected, .is(.service, "gateway"), .is(self.limiter, "address")).value,
                .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "Somebody asks more often than one address or one user may: a crawler, a client in a loop, an "
                    + "attack, or many customers behind one address.",
                customers: "Those beyond the limit get 429 with `Retry-After`; nobody else notices.",
                look: [
                    .query(
                        "By what the limit is counted on:",
                        Series(RateLimiterMetrics.rejected).rate(.minutes(5)).sum(by: [.service, self.limiter])),
                    .query(
                        "Keys forgotten for want of room, which happens with very many addresses:",
                        Series(RateLimiterMetrics.forgotten).increase(.minutes(5))),
                    .query(
                        "Answers by status and route:",
                        Series(HTTPMetrics.serverDuration, .is(.service, "gateway")).count.rate(.minutes(5)).sum(
                            by: [LabelKey("http.route"), LabelKey("http.response.status_code")])),
                ],
                steps: [
                    "`user`: an account is misused or its client is in a loop; the spans of the refused requests "
                        + "bear the user.",
                    "`address`: few addresses are refused before the gateway; if it is a company's, raise "
                        + "`VITRINE_RATE_LIMIT_ADDRESS`.",
                    "If the limit hits ordinary customers, it is too low: compare with requests per user last week.",
                ],
                reproduce: .casesOnly(
                    "the lab lifts the limits, so that made-up customers of one address are "
                        + "served.")),
            cases: [
                .fires(
                    rule, "three a second", given: [refused(perSecond: 3)], at: .minutes(10),
                    [Label("service", "gateway"), Label("limiter", "address")],
                    summary: "gateway refuses requests beyond the limit of each address",
                    description: "3 a second are answered with 429."),
                .quiet(rule, "one in two seconds", given: [refused(perSecond: 0.5)], at: .minutes(10)),
            ])
    }

    // MARK: Certificates

    private static let day = 86_400.0
    private static let which = LabelKey(ExportCertificate.self)
    private static let left = Series(CertificateMetrics.notAfter).value.min(by: [.service, Self.which]) - .time

    /// One that expires so long after the tests' beginning.
    private static func certificate(days: Double) -> InputSeries {
        InputSeries(
            Series(CertificateMetrics.notAfter, .is(.service, "order"), .is(ExportCertificate.client)).value,
            .at(days * self.day, for: self.length))
    }

    private static func expiry(_ customers: String) -> Runbook {
        Runbook(
            means:
                "A certificate that telemetry is sent with (`OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`), or that its "
                + "receiver is trusted by (`OTEL_EXPORTER_OTLP_CERTIFICATE`), reaches its end. Services read "
                + "their files anew when these change.",
            customers: customers,
            look: [
                .query("Days left, by service and certificate:", self.left / .number(self.day)),
                .command(
                    "What is in a file:",
                    "openssl x509 -noout -subject -enddate -in \"$OTEL_EXPORTER_OTLP_CERTIFICATE\""),
            ],
            steps: [
                "Have a new certificate made for the same name, by who made the old one.",
                "Put it in the old one's place, key and certificate at once; for `trust`, add the new authority "
                    + "before the receiver changes.",
                "See that the query shows the new end; restart the service if it does not within some minutes.",
                "See why it was not renewed by itself.",
            ],
            reproduce: .casesOnly("the lab sends telemetry without certificates."))
    }

    private static var expiring: Alert {
        let rule = AlertRule(
            "CertificateExpiring", .ticket,
            when: self.left.less(than: 14 * self.day).atLeast(2 * self.day), for: .minutes(5),
            summary: "A certificate of {{ $labels.service }} for sending telemetry expires soon",
            description: "{{ $labels.certificate }}: {{ $value | humanizeDuration }} are left.",
            dashboard: .telemetry)
        return Alert(
            rule, self.expiry("None; without a new one in time telemetry stops: `CertificateExpiresSoon`."),
            cases: [
                .fires(
                    rule, "thirteen days", given: [self.certificate(days: 13)], at: .minutes(10),
                    [Label("service", "order"), Label("certificate", "client")],
                    summary: "A certificate of order for sending telemetry expires soon",
                    description: "client: 12d 23h 50m 0s are left."),
                .quiet(rule, "fifteen days", given: [self.certificate(days: 15)], at: .minutes(10)),
                .quiet(rule, "one day, which is a page", given: [self.certificate(days: 1)], at: .minutes(10)),
            ])
    }

    private static var expiresSoon: Alert {
        let rule = AlertRule(
            "CertificateExpiresSoon", .page, when: self.left.less(than: 2 * self.day), for: .minutes(5),
            summary: "A certificate of {{ $labels.service }} for sending telemetry is about to expire",
            description:
                "{{ $labels.certificate }}: {{ $value | humanizeDuration }} are left; then its traces and logs stay "
                + "on its disk, and the oldest are lost.",
            dashboard: .telemetry)
        return Alert(
            rule,
            self.expiry("None at once; but without telemetry nobody sees what they meet."),
            cases: [
                .fires(
                    rule, "one day", given: [self.certificate(days: 1)], at: .minutes(10),
                    [Label("service", "order"), Label("certificate", "client")],
                    summary: "A certificate of order for sending telemetry is about to expire",
                    description:
                        "client: 23h 50m 0s are left; then its traces and logs stay on its disk, and the oldest are "
                        + "lost."),
                .quiet(rule, "three days", given: [self.certificate(days: 3)], at: .minutes(10)),
            ])
    }
}
