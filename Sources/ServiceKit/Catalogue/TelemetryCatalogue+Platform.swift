import Faults
public import Persistence
import RPC
import Resilience
public import Telemetry

extension TelemetryCatalogue {
    /// What every service emits: its listeners, its clients, its life.
    public static var platform: TelemetryCatalogue {
        .telemetry + .faults + .resilience + .rpc
            + TelemetryCatalogue(
                attributes: [
                    Attribute.orderID, Attribute.productID, Attribute.invariantViolations, Attribute.requestID,
                    Attribute.requestMicroseconds, Attribute.adminAddress, Attribute.connectionsCut, Attribute.phase,
                ],
                labels: [
                    LabelDescriptor("reason", "Why it was refused, or why it changed."),
                    LabelDescriptor("loop", "The event loop, by its number, or `admin`."),
                    LabelDescriptor("certificate", "What the certificate is for: to be shown, or to verify by."),
                    LabelDescriptor("server.name", "The service that is called."),
                    LabelDescriptor("executor", "The executor, by what it works for."),
                ],
                spans: [
                    SpanDescriptor(
                        named: [Attribute.httpRequestMethod, Attribute.httpRoute], kind: .server,
                        "A request, from its head to its answer.", RequestAttributes.declared),
                    SpanDescriptor(
                        named: [Attribute.httpRequestMethod, Attribute.urlTemplate], kind: .client,
                        "A call of another service, until the head of its answer.", UpstreamClient.spanAttributes),
                ],
                logEvents: [
                    LogEventDescriptor(
                        "request", .info, "A request was answered.", RequestAttributes.declared),
                    LogEventDescriptor(
                        "request failed", .error, "A request was answered with a status from 500 on.",
                        RequestAttributes.declared + [Attribute.errorType]),
                    LogEventDescriptor(
                        "service started", .info, "Both listeners answer.",
                        [Attribute.serverAddress, Attribute.adminAddress]),
                    LogEventDescriptor(
                        "service stopped", .info, "The traffic listener has drained.", [Attribute.connectionsCut]),
                    LogEventDescriptor(
                        "message refused", .info,
                        "What a peer sent never became a request: it broke the protocol or was too large.",
                        [Attribute.errorType, Attribute.httpResponseStatusCode, Attribute.clientAddress]),
                    LogEventDescriptor(
                        "endpoint ejected", .warning,
                        "One of several instances of a service fails where the others do not, and gets no calls for a while.",
                        [Attribute.serverAddress, Attribute.errorMessage]),
                    LogEventDescriptor(
                        "http2 refused", .info,
                        "A stream or connection of HTTP/2 was ended: a bound was reached or a rule broken.",
                        [Attribute.errorType, Attribute.clientAddress]),
                    LogEventDescriptor(
                        "connection refused", .warning,
                        "A connection was refused because a limit was reached or no descriptor was left.",
                        [Attribute.errorMessage]),
                    LogEventDescriptor(
                        "peer timed out", .info, "A connection was closed because its peer was too slow.",
                        [Attribute.phase, Attribute.clientAddress]),
                ])
    }

    /// What a service with a database emits besides.
    ///
    /// - Parameter operations: all that it does to its databases.
    public static func database(_ operations: [DatabaseOperation]) -> TelemetryCatalogue {
        TelemetryCatalogue(spans: DatabaseDescriptors.spans(operations))
    }

    /// A request of one route, where its handler says more than every request does.
    ///
    /// - Parameter route: method and template, `GET /api/v1/products/search`.
    public static func request(
        _ route: String, adds attributes: [any DeclaredAttribute]
    ) -> SpanDescriptor {
        SpanDescriptor(
            route, kind: .server, "A request, from its head to its answer.", RequestAttributes.declared + attributes)
    }
}
