import HTTPCore
import HTTPEngine
import Routing
import Telemetry

/// Turns what a listener tells about broken and slow peers into an answer, a metric and a log line.
final class ListenerObserver: HTTPServerObserver, Sendable {
    private let telemetry: Telemetry
    private let refusals: CounterFamily
    private let connections: Counter<NoLabels>

    init(telemetry: Telemetry) {
        self.telemetry = telemetry
        self.refusals = telemetry.metrics.dynamicCounter(HTTPMetrics.refusals)
        self.connections = telemetry.metrics.counter(HTTPMetrics.refusedConnections)
    }

    func messageRefused(_ refusal: HTTPRefusal, remoteAddress: String) -> HTTPResponse {
        self.refusals.series([refusal.reason]).add(1)
        self.telemetry.log.info(
            "message refused",
            [
                .errorType(refusal.reason), .httpResponseStatusCode(refusal.status.code),
                .clientAddress(remoteAddress),
            ])
        return Problem(refusal.status, detail: refusal.message).response(instance: "", traceID: "")
    }

    func connectionRefused(_ reason: String) {
        self.connections.add(1)
        self.telemetry.log.warning("connection refused", [.errorMessage(reason)])
    }

    func peerTimedOut(_ phase: StaticString, remoteAddress: String) {
        self.refusals.series(["slow \(phase)"]).add(1)
        self.telemetry.log.info(
            "peer timed out", [.phase("\(phase)"), .clientAddress(remoteAddress)])
    }

    func http2Refused(_ refusal: HTTP2Refusal, remoteAddress: String) {
        self.refusals.series([refusal.rawValue]).add(1)
        self.telemetry.log.info("http2 refused", [.errorType(refusal.rawValue), .clientAddress(remoteAddress)])
    }
}
