package import Telemetry

/// What limiters count.
package enum RateLimiterMetrics {
    package static let rejected = DynamicDescriptor(
        "resilience.rate_limiter.rejected", kind: .counter, unit: .count("request"),
        help: "Requests refused with 429, by what the limit is counted on.", labelNames: ["limiter"])
    package static let forgotten = DynamicDescriptor(
        "shop.rate_limiter.forgotten_keys", kind: .counter, unit: .count("key"),
        help: "Keys forgotten before their bucket was full because the limiter's memory was.", labelNames: ["limiter"])
}
