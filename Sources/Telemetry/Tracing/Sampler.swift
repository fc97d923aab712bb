/// Decides, when a span starts, whether it is recorded and exported.
///
/// Source: OpenTelemetry specification, "Built-in samplers"; the ratio follows W3C Trace Context level 2 and compares
/// the 56 random bits of the trace id, so that every service decides alike.
public indirect enum Sampler: Sendable, Hashable {
    case alwaysOn
    case alwaysOff
    /// Keeps this share of traces, 0 to 1.
    case traceIDRatio(Double)
    /// Does as the parent did; `root` decides where there is none.
    case parentBased(root: Sampler)

    func isSampled(traceID: TraceID, parent: SpanContext?) -> Bool {
        SamplingRule(self).isSampled(traceID: traceID, parent: parent)
    }
}

/// A sampler as plain numbers, which deciding can read without counting references.
struct SamplingRule: Sendable {
    /// Whether a parent's decision counts.
    private let followsParent: Bool
    /// Trace ids whose low 56 bits are at least this are kept; 2^56 keeps none.
    private let threshold: UInt64

    private static let space: UInt64 = 1 << 56

    init(_ sampler: Sampler) {
        switch sampler {
        case .alwaysOn: self.init(false, ratio: 1)
        case .alwaysOff: self.init(false, ratio: 0)
        case .traceIDRatio(let ratio): self.init(false, ratio: ratio)
        case .parentBased(let root): self.init(true, threshold: SamplingRule(root).threshold)
        }
    }

    init(ratio: Double) { self.init(false, ratio: ratio) }

    private init(_ followsParent: Bool, ratio: Double) {
        // In whole numbers, because a double cannot tell the highest of 56 bits apart.
        self.init(followsParent, threshold: Self.space - UInt64(min(max(ratio, 0), 1) * Double(Self.space)))
    }

    private init(_ followsParent: Bool, threshold: UInt64) {
        self.followsParent = followsParent
        self.threshold = threshold
    }

    @inline(__always)
    func isSampled(traceID: TraceID, parent: SpanContext?) -> Bool {
        if self.followsParent, let parent { return parent.isSampled }
        return self.isKept(traceID)
    }

    @inline(__always)
    func isKept(_ traceID: TraceID) -> Bool { traceID.low & (Self.space - 1) >= self.threshold }
}
