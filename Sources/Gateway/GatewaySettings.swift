import HTTPCore
import ServiceKit
import Telemetry

/// The gateway's own settings.
struct GatewaySettings: Sendable {
    /// `VITRINE_RATE_LIMIT_ADDRESS`: requests a second from one address (IPv6: one /64); 50.
    let addressRate: Int
    /// `VITRINE_RATE_LIMIT_ADDRESS_BURST`: how many may come at once; 100.
    let addressBurst: Int
    /// `VITRINE_RATE_LIMIT_USER`: requests a second of one user; 30.
    let userRate: Int
    /// `VITRINE_RATE_LIMIT_USER_BURST`: how many may come at once; 60.
    let userBurst: Int
    /// `VITRINE_CORS_ORIGINS`: origins whose pages may call, between commas; `*` for all; none by default.
    let corsOrigins: [String]
    /// `VITRINE_TRUST_FORWARDED`: whether `x-forwarded-for` names the client: true only behind a proxy that sets it;
    /// false.
    let trustsForwarded: Bool

    /// `VITRINE_FALLBACK_AGE`: how old an answer may be that stands in while the product service cannot be asked; 10m.
    let fallbackAge: Duration
    /// `VITRINE_FALLBACK_AFTER`: how long a fresh answer is waited for where an older one is at hand; 500ms.
    let fallbackAfter: Duration
    /// `VITRINE_TRACE_CONTEXT`: what is made of a stranger's `traceparent`: `trust` continues its trace, `link` begins one
    /// that links to it, `ignore` begins one of its own and drops its baggage; `trust`.
    let remoteContext: RemoteContextPolicy
    /// `VITRINE_CONSOLE_URL`: where the console's page is; answers then link to their trace there. None by default.
    let consoleURL: String?

    init(config: ConfigReader) {
        let rates = 1...1_000_000_000
        self.addressRate = config.integer("VITRINE_RATE_LIMIT_ADDRESS", default: 50, in: rates)
        self.addressBurst = config.integer("VITRINE_RATE_LIMIT_ADDRESS_BURST", default: 100, in: rates)
        self.userRate = config.integer("VITRINE_RATE_LIMIT_USER", default: 30, in: rates)
        self.userBurst = config.integer("VITRINE_RATE_LIMIT_USER_BURST", default: 60, in: rates)
        self.corsOrigins = config.list("VITRINE_CORS_ORIGINS", default: [])
        self.trustsForwarded = config.bool("VITRINE_TRUST_FORWARDED", default: false)
        self.fallbackAge = config.duration(
            "VITRINE_FALLBACK_AGE", default: .seconds(600), in: .zero ... .seconds(86_400))
        self.fallbackAfter = config.duration(
            "VITRINE_FALLBACK_AFTER", default: .milliseconds(500), in: .milliseconds(1) ... .seconds(600))
        self.remoteContext = config.choice("VITRINE_TRACE_CONTEXT", default: .trust)
        self.consoleURL = config.string("VITRINE_CONSOLE_URL").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        if let url = self.consoleURL, !TraceLink.isUsable(url) {
            config.reject("VITRINE_CONSOLE_URL", "'\(url)' is not a URL like http://127.0.0.1:8005")
        }
    }
}
