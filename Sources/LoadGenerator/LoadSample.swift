import Telemetry

/// One request in four bytes: step, outcome, and the bucket of its latency.
///
/// A second is a list of these, so any stretch of a run can be looked at again without a histogram for each second.
struct LoadSample: Sendable, Hashable {
    // 4 bits of step, 3 of kind, 10 of status or detail, 12 of bucket.
    private let bits: UInt32
    /// By index.
    private static let steps = LoadStep.allCases

    init(_ step: LoadStep, _ outcome: LoadOutcome, bucket: Int) {
        let (kind, detail) = Self.code(outcome)
        self.bits = UInt32(step.index) << 25 | kind << 22 | detail << 12 | UInt32(bucket)
    }

    /// Only `init` makes the bits.
    var step: LoadStep { Self.steps[Int(self.bits >> 25)] }

    var bucket: Int { Int(self.bits & 0xFFF) }

    var outcome: LoadOutcome {
        let detail = Int(self.bits >> 12 & 0x3FF)
        switch self.bits >> 22 & 0x7 {
        case 0: return .succeeded(status: detail)
        case 1: return .degraded(status: detail)
        case 2: return .refused(LoadOutcome.Refusal(rawValue: UInt8(detail)).unsafelyUnwrapped)
        case 3: return .failed(status: detail)
        default: return .unanswered(LoadOutcome.Reason(rawValue: UInt8(detail)).unsafelyUnwrapped)
        }
    }

    private static func code(_ outcome: LoadOutcome) -> (kind: UInt32, detail: UInt32) {
        switch outcome {
        case .succeeded(let status): (0, UInt32(status))
        case .degraded(let status): (1, UInt32(status))
        case .refused(let refusal): (2, UInt32(refusal.rawValue))
        case .failed(let status): (3, UInt32(status))
        case .unanswered(let reason): (4, UInt32(reason.rawValue))
        }
    }
}
