/// Where received telemetry goes.
public protocol TelemetrySink: Sendable {
    func take(_ spans: [ReceivedSpan]) -> Admission
    func take(_ logs: [ReceivedLog]) -> Admission
    func take(_ metrics: [ReceivedMetric]) -> Admission
}

/// What became of a batch.
public struct Admission: Sendable, Hashable {
    /// Items that were not kept, for good.
    public var refused: Int
    /// Why, for whoever sent them; an empty text where none was refused.
    public var reason: String

    public init(refused: Int = 0, reason: String = "") {
        self.refused = refused
        self.reason = reason
    }

    public static let all = Admission()
}
