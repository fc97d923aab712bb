import Protobuf

extension ReceivedMetric {
    /// `Metric`: an item for each of its points.
    static func append(
        from reader: inout ProtobufReader, to metrics: inout [ReceivedMetric], _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        let start = metrics.count
        var (name, unit) = ("", "")
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &name)
                case 3: try reader.read(.string, into: &unit)
                case 5, 7: try self.readPoints(.number, &reader, &metrics, &intake)
                case 9: try self.readPoints(.histogram, &reader, &metrics, &intake)
                case 10: try self.readPoints(.exponential, &reader, &metrics, &intake)
                case 11: try self.readPoints(.summary, &reader, &metrics, &intake)
                default: try reader.skip()
                }
            }
        }
        intake.name(name, unit: unit, &metrics, from: start)
    }

    /// The kinds of data points. They agree in time (3), count (4) and sum (5), and differ in where the rest is.
    private enum PointKind {
        case number, histogram, exponential, summary

        var attributesField: Int {
            switch self {
            case .number, .summary: 7
            case .histogram: 9
            case .exponential: 1
            }
        }

        var flagsField: Int {
            switch self {
            case .number, .summary: 8
            case .histogram, .exponential: 10
            }
        }
    }

    /// `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram` and `Summary`: in all of them the points are at 1.
    private static func readPoints(
        _ kind: PointKind, _ reader: inout ProtobufReader, _ metrics: inout [ReceivedMetric],
        _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                guard field == 1, intake.hasRoom() else {
                    try reader.skip()
                    continue
                }
                try self.readPoint(kind, &reader, &metrics, &intake)
            }
        }
    }

    private static func readPoint(
        _ kind: PointKind, _ reader: inout ProtobufReader, _ metrics: inout [ReceivedMetric],
        _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        try reader.charge(MemoryLayout<ReceivedMetric>.stride)
        var (time, flags): (UInt64, UInt32) = (0, 0)
        var attributes: [ReceivedAttribute] = []
        var values = PointValues()
        let isPoint = try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case kind.attributesField: try OTLPProtobuf.readAttribute(&reader, to: &attributes, &intake)
                case kind.flagsField: try reader.read(.uint32, into: &flags)
                case 3: try reader.read(.fixed64, into: &time)
                case 4 where kind == .number: values.number = try OTLPProtobuf.scalar(.double, &reader)
                case 6 where kind == .number: values.number = Double(try OTLPProtobuf.scalar(.sfixed64, &reader))
                case 4: try reader.read(.fixed64, into: &values.count)
                case 5 where kind != .number: values.sum = try OTLPProtobuf.scalar(.double, &reader)
                default: try reader.skip()
                }
            }
        }
        // A summary's sum has no presence: left out, it is zero.
        if kind == .summary { values.sum = values.sum ?? 0 }
        guard isPoint else { return }
        let point = kind == .number ? values.asNumber : values.asDistribution
        intake.add(point, flags: UInt64(flags), time: time, attributes, to: &metrics)
    }
}
