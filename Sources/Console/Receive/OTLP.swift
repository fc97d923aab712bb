import Protobuf

/// The messages of OTLP, as far as the console reads them.
///
/// Field numbers and names: opentelemetry-proto 1.x, packages common, resource, trace, logs, metrics and collector. What
/// it does not know is passed over, as the specification asks of a receiver.
enum OTLP {}

extension OTLP {
    /// `AnyValue`, a `oneof`: the last that was sent counts.
    struct Value: ProtobufMessage {
        static let protoName = "opentelemetry.proto.common.v1.AnyValue"
        var value = ReceivedValue.empty

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1:
                    var text = ""
                    try reader.read(.string, into: &text)
                    self.value = .string(text)
                case 2:
                    var flag = false
                    try reader.read(.bool, into: &flag)
                    self.value = .bool(flag)
                case 3:
                    var number: Int64 = 0
                    try reader.read(.int64, into: &number)
                    self.value = .int(number)
                case 4:
                    var number = 0.0
                    try reader.read(.double, into: &number)
                    self.value = .double(number)
                case 5:
                    var list = List()
                    try reader.read(.message(List.self), into: &list)
                    self.value = .array(list.values.map(\.value))
                case 6:
                    var list = Pairs()
                    try reader.read(.message(Pairs.self), into: &list)
                    self.value = .map(list.pairs.map(\.attribute))
                case 7:
                    var bytes: [UInt8] = []
                    try reader.read(.bytes, into: &bytes)
                    self.value = .bytes(bytes)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            switch self.value {
            case .empty: break
            case .string(let text): writer.write(.string, always: text, field: 1)
            case .bool(let flag): writer.write(.bool, always: flag, field: 2)
            case .int(let number): writer.write(.int64, always: number, field: 3)
            case .double(let number): writer.write(.double, always: number, field: 4)
            case .array(let values):
                writer.write(.message(List.self), always: List(values: values.map { Value(value: $0) }), field: 5)
            case .map(let pairs):
                writer.write(.message(Pairs.self), always: Pairs(pairs: pairs.map { Pair($0) }), field: 6)
            case .bytes(let bytes): writer.write(.bytes, always: bytes, field: 7)
            }
        }
    }

    /// `ArrayValue`
    struct List: ProtobufMessage {
        static let protoName = "opentelemetry.proto.common.v1.ArrayValue"
        var values: [Value] = []

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                if field == 1 {
                    try reader.read(.message(Value.self), appendingTo: &self.values)
                } else {
                    try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Value.self), repeated: self.values, field: 1)
        }
    }

    /// `KeyValueList`
    struct Pairs: ProtobufMessage {
        static let protoName = "opentelemetry.proto.common.v1.KeyValueList"
        var pairs: [Pair] = []

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                if field == 1 {
                    try reader.read(.message(Pair.self), appendingTo: &self.pairs)
                } else {
                    try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Pair.self), repeated: self.pairs, field: 1)
        }
    }

    /// `KeyValue`
    struct Pair: ProtobufMessage {
        static let protoName = "opentelemetry.proto.common.v1.KeyValue"
        var key = ""
        var value = Value()

        init() {}

        init(_ attribute: ReceivedAttribute) {
            self.key = attribute.key
            self.value = Value(value: attribute.value)
        }

        var attribute: ReceivedAttribute { ReceivedAttribute(self.key, self.value.value) }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.key)
                case 2: try reader.read(.message(Value.self), into: &self.value)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.key, field: 1)
            writer.write(.message(Value.self), always: self.value, field: 2)
        }
    }

    /// `Resource`
    struct Resource: ProtobufMessage {
        static let protoName = "opentelemetry.proto.resource.v1.Resource"
        var attributes: [Pair] = []

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                if field == 1 {
                    try reader.read(.message(Pair.self), appendingTo: &self.attributes)
                } else {
                    try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Pair.self), repeated: self.attributes, field: 1)
        }
    }

    /// `InstrumentationScope`
    struct Scope: ProtobufMessage {
        static let protoName = "opentelemetry.proto.common.v1.InstrumentationScope"
        var name = ""
        var version = ""
        var attributes: [Pair] = []

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.name)
                case 2: try reader.read(.string, into: &self.version)
                case 3: try reader.read(.message(Pair.self), appendingTo: &self.attributes)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.name, field: 1)
            writer.write(.string, self.version, field: 2)
            writer.write(.message(Pair.self), repeated: self.attributes, field: 3)
        }
    }

    /// What stands between the request and its items in all three signals: `ResourceSpans` and the like.
    struct Origin<Item: ProtobufMessage>: ProtobufMessage {
        static var protoName: String { "resource of \(Item.protoName)" }
        var resource = Resource()
        var scopes: [Scoped<Item>] = []

        init() {}

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.message(Resource.self), into: &self.resource)
                case 2: try reader.read(.message(Scoped<Item>.self), appendingTo: &self.scopes)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Resource.self), always: self.resource, field: 1)
            writer.write(.message(Scoped<Item>.self), repeated: self.scopes, field: 2)
        }
    }

    /// `ScopeSpans` and the like.
    struct Scoped<Item: ProtobufMessage>: ProtobufMessage {
        static var protoName: String { "scope of \(Item.protoName)" }
        var scope = Scope()
        var items: [Item] = []

        init() {}

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.message(Scope.self), into: &self.scope)
                case 2: try reader.read(.message(Item.self), appendingTo: &self.items)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Scope.self), always: self.scope, field: 1)
            writer.write(.message(Item.self), repeated: self.items, field: 2)
        }
    }

    /// `ExportTraceServiceRequest` and the like.
    struct Request<Item: ProtobufMessage>: ProtobufMessage {
        static var protoName: String { "request of \(Item.protoName)" }
        var origins: [Origin<Item>] = []

        init() {}

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                if field == 1 {
                    try reader.read(.message(Origin<Item>.self), appendingTo: &self.origins)
                } else {
                    try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Origin<Item>.self), repeated: self.origins, field: 1)
        }
    }
}
