import Telemetry
import TelemetryTesting
import Testing

@Suite("Samplers")
struct SamplerTests {
    private func isSampled(_ sampler: String, _ argument: String? = nil, parent: SpanContext? = nil) throws -> Bool {
        var environment = ["OTEL_TRACES_SAMPLER": sampler]
        environment["OTEL_TRACES_SAMPLER_ARG"] = argument
        return try TestTelemetry(environment: environment).tracer.startSpan("s", parent: parent).context.isSampled
    }

    private func parent(sampled: Bool, low: UInt64 = 1) -> SpanContext {
        SpanContext(
            traceID: TraceID(high: 1, low: low), spanID: SpanID(rawValue: 1), flags: sampled ? [.sampled] : [],
            isRemote: true)
    }

    @Test(
        "Each named sampler decides as specified",
        arguments: [
            ("always_on", true, true, true), ("always_off", false, false, false),
            ("parentbased_always_on", true, true, false), ("parentbased_always_off", false, true, false),
            ("PARENTBASED_ALWAYS_ON", true, true, false),
        ])
    func named(sampler: String, root: Bool, ofSampled: Bool, ofUnsampled: Bool) throws {
        #expect(try self.isSampled(sampler) == root)
        #expect(try self.isSampled(sampler, parent: self.parent(sampled: true)) == ofSampled)
        #expect(try self.isSampled(sampler, parent: self.parent(sampled: false)) == ofUnsampled)
    }

    @Test("The ratio compares the 56 random bits, so that all services keep the same traces")
    func ratio() throws {
        let half: UInt64 = 1 << 55
        #expect(try self.isSampled("traceidratio", "0.5", parent: self.parent(sampled: false, low: half)))
        #expect(try !self.isSampled("traceidratio", "0.5", parent: self.parent(sampled: true, low: half - 1)))
        // The byte above the 56 bits does not count.
        #expect(try !self.isSampled("traceidratio", "0.5", parent: self.parent(sampled: true, low: 0xff << 56)))
        #expect(try self.isSampled("traceidratio", "1", parent: self.parent(sampled: false, low: 0)))
        #expect(try !self.isSampled("traceidratio", "0", parent: self.parent(sampled: true, low: .max)))
        #expect(try self.isSampled("parentbased_traceidratio", "0", parent: self.parent(sampled: true)))
        #expect(try !self.isSampled("parentbased_traceidratio", "0"))
    }

    @Test("A ratio keeps about its share")
    func share() throws {
        let test = try TestTelemetry(environment: [
            "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.25",
        ])
        let kept = (0..<20_000).count { _ in test.tracer.startSpan("s", parent: nil).context.isSampled }
        #expect((4_500...5_500).contains(kept))
    }
}
