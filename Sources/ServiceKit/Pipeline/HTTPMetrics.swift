public import Telemetry

/// The metrics of HTTP servers and clients, as the semantic conventions set them.
public enum HTTPMetrics {
    public static let serverDuration = DynamicDescriptor(
        "http.server.request.duration", kind: .histogram, unit: .seconds,
        help: "Time from a request's head to its answer, by route and status.",
        labelNames: [
            "http.request.method", "http.route", "http.response.status_code", "url.scheme", "error.type",
        ], stability: .stable)
    public static let serverActive = DynamicDescriptor(
        "http.server.active_requests", kind: .upDownCounter, unit: .count("request"),
        help: "Requests now being answered.", labelNames: ["http.request.method", "url.scheme"])
    public static let clientDuration = DynamicDescriptor(
        "http.client.request.duration", kind: .histogram, unit: .seconds,
        help: "Time from sending a request to the head of its answer, by upstream and status.",
        labelNames: [
            "http.request.method", "server.address", "server.port", "http.response.status_code", "error.type",
        ], stability: .stable)
    public static let refusals = DynamicDescriptor(
        "shop.http.server.refused_messages", kind: .counter, unit: .count("message"),
        help: "Messages that never became a request because they broke the protocol, were too large or too slow.",
        labelNames: ["reason"])
    public static let refusedConnections = CounterDescriptor<NoLabels>(
        "shop.http.server.refused_connections", unit: .count("connection"),
        help: "Connections refused because the limit was reached or the system had no descriptor left.")
}
