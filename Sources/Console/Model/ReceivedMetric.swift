/// A metric's latest point, as it came in.
///
/// Source: opentelemetry-proto, metrics.proto.
public struct ReceivedMetric: Sendable, Hashable {
    public enum Point: Sendable, Hashable {
        /// A gauge's or a sum's.
        case number(Double)
        /// Of a histogram, an exponential one or a summary: how many, and their sum where it is said.
        case distribution(count: UInt64, sum: Double?)
    }

    public var name: String
    public var unit: String
    public var point: Point
    /// Nanoseconds since 1970.
    public var time: UInt64
    public var attributes: [ReceivedAttribute]
    public var resource: ReceivedResource

    public init(
        name: String, unit: String = "", point: Point, time: UInt64, attributes: [ReceivedAttribute] = [],
        resource: ReceivedResource = ReceivedResource()
    ) {
        self.name = name
        self.unit = unit
        self.point = point
        self.time = time
        self.attributes = attributes
        self.resource = resource
    }
}
