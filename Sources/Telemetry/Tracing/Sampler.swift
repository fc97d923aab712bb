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

    @inline(__always)
    func isSampled(traceID: TraceID, parent: SpanContext?) -> Bool {
        switch self {
        case .alwaysOn: true
        case .alwaysOff: false
        case .traceIDRatio(let ratio): Self.isKept(traceID, ratio: ratio)
        case .parentBased(let root):
            if let parent { parent.isSampled } else { root.decideRoot(traceID) }
        }
    }

    private func decideRoot(_ traceID: TraceID) -> Bool { self.isSampled(traceID: traceID, parent: nil) }

    static func isKept(_ traceID: TraceID, ratio: Double) -> Bool {
        // In whole numbers, because a double cannot tell the highest of 56 bits apart.
        let space: UInt64 = 1 << 56
        let threshold = space - UInt64(min(max(ratio, 0), 1) * Double(space))
        return traceID.low & (space - 1) >= threshold
    }
}
