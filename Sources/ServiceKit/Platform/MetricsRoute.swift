import HTTPCore
import Routing
import Telemetry

/// `/metrics` of the admin listener.
enum MetricsRoute {
    static func register(on routes: inout RouteTable, telemetry: Telemetry) {
        routes.add(.get, "/metrics", isObserved: false) { request, _ in
            let (format, contentType) = ExpositionFormat.negotiate(accept: request.fields.combined(.accept))
            var fields = HTTPFields()
            fields.append(.contentType, contentType)
            return HTTPResponse(.ok, fields: fields, body: .bytes(telemetry.metrics.exposition(format)))
        }
    }
}
