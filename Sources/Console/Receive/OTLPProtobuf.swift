import Protobuf

/// Reads requests of OTLP from Protobuf: `ExportTraceServiceRequest`, `ExportLogsServiceRequest` and
/// `ExportMetricsServiceRequest`, which agree in all but what the items are.
///
/// Straight from the wire into what is kept, with no message in between; what is not known is passed over. Field numbers:
/// opentelemetry-proto 1.x, packages common, resource, trace, logs, metrics and collector.
enum OTLPProtobuf {
    static func read<Item: OTLPItem>(
        _ bytes: [UInt8], _ intake: inout OTLPIntake
    ) throws(OTLPDecodingError) -> [Item] {
        var items: [Item] = []
        do {
            let limits = ProtobufLimits(memoryBytesMax: OTLPLimits.memoryBytesMax)
            try ProtobufReader.read(bytes, limits: limits) { reader throws(ProtobufError) in
                while let field = try reader.nextField() {
                    if field == 1 {
                        try self.readResourceGroup(&reader, &items, &intake)
                    } else {
                        try reader.skip()
                    }
                }
            }
        } catch {
            if case .tooLarge = error.reason { throw .tooLarge("\(error)") }
            throw .malformed("the body is no Protobuf message of this kind: \(error)")
        }
        return items
    }

    /// `ResourceSpans` and the like.
    private static func readResourceGroup<Item: OTLPItem>(
        _ reader: inout ProtobufReader, _ items: inout [Item], _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        let start = items.count
        var resource = ReceivedResource()
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: try self.readResource(&reader, &resource, &intake)
                case 2: try self.readScopeGroup(&reader, &items, &intake)
                default: try reader.skip()
                }
            }
        }
        for index in start..<items.count { items[index].assign(resource) }
    }

    /// `ScopeSpans` and the like.
    private static func readScopeGroup<Item: OTLPItem>(
        _ reader: inout ProtobufReader, _ items: inout [Item], _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        let start = items.count
        var scope = ReceivedScope()
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: try self.readScope(&reader, &scope, &intake)
                case 2:
                    try reader.charge(MemoryLayout<Item>.stride)
                    try Item.append(from: &reader, to: &items, &intake)
                default: try reader.skip()
                }
            }
        }
        for index in start..<items.count { items[index].assign(scope) }
    }

    /// `Resource`
    private static func readResource(
        _ reader: inout ProtobufReader, _ resource: inout ReceivedResource, _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: try self.readAttribute(&reader, to: &resource.attributes, &intake)
                default: try reader.skip()
                }
            }
        }
    }

    /// `InstrumentationScope`
    private static func readScope(
        _ reader: inout ProtobufReader, _ scope: inout ReceivedScope, _ intake: inout OTLPIntake
    ) throws(ProtobufError) {
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: scope.name = try self.text(&reader, &intake)
                case 2: scope.version = try self.text(&reader, &intake)
                case 3: try self.readAttribute(&reader, to: &scope.attributes, &intake)
                default: try reader.skip()
                }
            }
        }
    }
}
