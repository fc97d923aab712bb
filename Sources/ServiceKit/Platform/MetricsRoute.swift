import Compression
import HTTPCore
import Routing
import Telemetry

/// `/metrics` of the admin listener.
enum MetricsRoute {
    /// Less than this is not worth compressing.
    private static let gzipBytesMin = 1_024

    static func register(on routes: inout RouteTable, telemetry: Telemetry) {
        routes.add(.get, "/metrics", isObserved: false) { request, _ in
            let (format, contentType) = ExpositionFormat.negotiate(accept: request.fields.combined(.accept))
            var fields = HTTPFields()
            fields.append(.contentType, contentType)
            fields.append(.vary, literal: "accept, accept-encoding")
            let text = telemetry.scrape(format)
            let accepted = request.fields.combined(.acceptEncoding)
            guard text.count >= Self.gzipBytesMin, ContentCoding.acceptsGzip(accepted),
                let small = Gzip.compress(text)
            else { return HTTPResponse(.ok, fields: fields, body: .bytes(text)) }
            fields.append(.contentEncoding, literal: "gzip")
            return HTTPResponse(.ok, fields: fields, body: .bytes(small))
        }
    }
}

/// Reads `Accept-Encoding` (RFC 9110, section 12.5.3).
enum ContentCoding {
    /// Whether gzip is welcome: named, or meant by `*`, and not with weight 0.
    static func acceptsGzip(_ header: String?) -> Bool {
        var gzip: Double?
        var any: Double?
        for element in (header ?? "").lowercased().split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let coding = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            switch coding {
            case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
            case "*": any = weight
            default: continue
            }
        }
        return (gzip ?? any ?? 0) > 0
    }
}
