import Protobuf

extension OTLP {
    /// `Metric`
    struct Metric: ProtobufMessage {
        static let protoName = "opentelemetry.proto.metrics.v1.Metric"
        var name = ""
        var unit = ""
        /// Of a gauge or a sum.
        var numbers = Points<NumberPoint>()
        /// Of a histogram, an exponential one or a summary, whose points agree in the fields that are read.
        var distributions = Points<DistributionPoint>()

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.name)
                case 3: try reader.read(.string, into: &self.unit)
                case 5, 7: try reader.read(.message(Points<NumberPoint>.self), into: &self.numbers)
                case 9, 10, 11: try reader.read(.message(Points<DistributionPoint>.self), into: &self.distributions)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.name, field: 1)
            writer.write(.string, self.unit, field: 3)
            if !self.numbers.points.isEmpty {
                writer.write(.message(Points<NumberPoint>.self), always: self.numbers, field: 5)
            }
            if !self.distributions.points.isEmpty {
                writer.write(.message(Points<DistributionPoint>.self), always: self.distributions, field: 9)
            }
        }
    }

    /// `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram` and `Summary`: in all of them the points are field 1.
    struct Points<Point: ProtobufMessage>: ProtobufMessage {
        static var protoName: String { "points of \(Point.protoName)" }
        var points: [Point] = []

        init() {}

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                if field == 1 {
                    try reader.read(.message(Point.self), appendingTo: &self.points)
                } else {
                    try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Point.self), repeated: self.points, field: 1)
        }
    }

    /// `NumberDataPoint`
    struct NumberPoint: ProtobufMessage {
        static let protoName = "opentelemetry.proto.metrics.v1.NumberDataPoint"
        var attributes: [Pair] = []
        var time: UInt64 = 0
        var value = 0.0

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 3: try reader.read(.fixed64, into: &self.time)
                case 4: try reader.read(.double, into: &self.value)
                case 6:
                    var integer: Int64 = 0
                    try reader.read(.sfixed64, into: &integer)
                    self.value = Double(integer)
                case 7: try reader.read(.message(Pair.self), appendingTo: &self.attributes)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.fixed64, self.time, field: 3)
            writer.write(.double, always: self.value, field: 4)
            writer.write(.message(Pair.self), repeated: self.attributes, field: 7)
        }
    }

    /// `HistogramDataPoint` and `SummaryDataPoint` have attributes at 9 and 7; `ExponentialHistogramDataPoint` at 1.
    /// Count and sum are 4 and 5 in all three.
    struct DistributionPoint: ProtobufMessage {
        static let protoName = "opentelemetry.proto.metrics.v1.HistogramDataPoint"
        var attributes: [Pair] = []
        var time: UInt64 = 0
        var count: UInt64 = 0
        var sum: Double?

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 3: try reader.read(.fixed64, into: &self.time)
                case 4: try reader.read(.fixed64, into: &self.count)
                case 5: try reader.read(.double, into: &self.sum)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.fixed64, self.time, field: 3)
            writer.write(.fixed64, self.count, field: 4)
            writer.write(.double, optional: self.sum, field: 5)
        }
    }
}
