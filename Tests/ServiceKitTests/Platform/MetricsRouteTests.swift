import Compression
import HTTPCore
import Routing
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("The metrics route")
struct MetricsRouteTests {
    private let telemetry = TestTelemetry()

    private func scrape(accept: String?) async throws -> (type: String?, text: String) {
        var routes = RouteTable()
        MetricsRoute.register(on: &routes, telemetry: self.telemetry.telemetry)
        let pipeline = RequestPipeline(
            routes: routes, configuration: PipelineConfiguration(internalToken: nil),
            telemetry: self.telemetry.telemetry)
        var fields = HTTPFields()
        fields[.accept] = accept
        let response = await pipeline.respond(to: HTTPRequest(.get, "/metrics", fields: fields))
        #expect(response.status == .ok)
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return (response.fields[.contentType], String(decoding: bytes, as: UTF8.self))
    }

    @Test("Without a wish it answers Prometheus text", arguments: [nil, "*/*", "text/plain"])
    func text(accept: String?) async throws {
        let (type, text) = try await self.scrape(accept: accept)
        #expect(type == "text/plain; version=0.0.4; charset=utf-8")
        let parsed = try PrometheusText(parsing: text)
        #expect(!parsed.isOpenMetrics)
        #expect(!parsed.samples.isEmpty)
    }

    @Test("It answers OpenMetrics to who asks for it, as Prometheus does")
    func openMetrics() async throws {
        let (type, text) = try await self.scrape(
            accept: "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
        #expect(type == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(try PrometheusText(parsing: text).isOpenMetrics)
    }

    @Test(
        "It is compressed for who takes gzip, and for nobody else",
        arguments: [
            ("gzip", true), ("deflate, gzip;q=0.5", true), ("*", true), ("GZIP", true), ("x-gzip", true),
            (nil, false), ("", false), ("identity", false), ("gzip;q=0", false), ("gzip;q=0, *", false), ("br", false),
        ] as [(String?, Bool)])
    func gzip(accepted: String?, expected: Bool) async throws {
        var routes = RouteTable()
        MetricsRoute.register(on: &routes, telemetry: self.telemetry.telemetry)
        let pipeline = RequestPipeline(
            routes: routes, configuration: PipelineConfiguration(internalToken: nil),
            telemetry: self.telemetry.telemetry)
        var fields = HTTPFields()
        fields[.acceptEncoding] = accepted
        let response = await pipeline.respond(to: HTTPRequest(.get, "/metrics", fields: fields))
        var bytes = try await response.body.collect(upTo: 16 << 20)
        #expect(response.fields[.contentEncoding] == (expected ? "gzip" : nil))
        #expect(response.fields[.vary] == "accept, accept-encoding")
        if expected { bytes = try Gzip.expand(bytes, upTo: 16 << 20) }
        #expect(!(try PrometheusText(parsing: String(decoding: bytes, as: UTF8.self)).samples.isEmpty))
    }

    @Test("Each scrape is timed, and tells so the next time")
    func timed() async throws {
        _ = try await self.scrape(accept: nil)
        let (_, text) = try await self.scrape(accept: nil)
        let count = try PrometheusText(parsing: text).series("otel_sdk_metric_reader_collection_duration_seconds_count")
        #expect(count.map(\.value) == [1])
    }

    @Test("A scrape is not a request of anybody: it counts nothing")
    func unobserved() async throws {
        for _ in 0..<3 { _ = try await self.scrape(accept: nil) }
        #expect(self.telemetry.finishedSpans.isEmpty)
        let counts = try self.telemetry.samples().series("http_server_request_duration_seconds_count")
        #expect(counts.allSatisfy { $0.value == 0 })
    }
}
