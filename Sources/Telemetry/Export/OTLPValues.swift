/// The parts that OTLP's JSON messages share.
enum OTLPValues {
    /// `{"attributes":[…]}` of a resource.
    static func append(resource: Resource, to sink: inout ByteSink) {
        sink.append("{\"attributes\":[" as StaticString)
        self.append(attributes: resource.attributes, lengthMax: .max, to: &sink)
        sink.append("]}" as StaticString)
    }

    static func append(scope name: String, version: String, to sink: inout ByteSink) {
        sink.append("{\"name\":" as StaticString)
        sink.append(jsonString: name)
        sink.append(",\"version\":" as StaticString)
        sink.append(jsonString: version)
        sink.append(0x7d)
    }

    static func append(traceState: TraceState, to sink: inout ByteSink) {
        guard !traceState.isEmpty else { return }
        sink.append(",\"traceState\":" as StaticString)
        sink.append(jsonString: traceState.header)
    }

    /// The W3C flags, with bit 8 "whether remote is known" and bit 9 "is remote" (`SpanFlags` in `trace.proto`).
    static func append(flags: TraceFlags, isRemote: Bool, to sink: inout ByteSink) {
        sink.append(",\"flags\":" as StaticString)
        sink.append(decimal: UInt64(flags.rawValue) | 0x100 | (isRemote ? 0x200 : 0))
    }

    /// `,"attributes":[…]`, nothing without any.
    static func append(list attributes: [Attribute], lengthMax: Int, to sink: inout ByteSink) {
        guard !attributes.isEmpty else { return }
        sink.append(",\"attributes\":[" as StaticString)
        self.append(attributes: attributes, lengthMax: lengthMax, to: &sink)
        sink.append(0x5d)
    }

    static func append(dropped what: StaticString, _ count: Int, to sink: inout ByteSink) {
        guard count > 0 else { return }
        sink.append(",\"dropped" as StaticString)
        sink.append(what)
        sink.append("Count\":" as StaticString)
        sink.append(decimal: count)
    }

    private static func append(attributes: [Attribute], lengthMax: Int, to sink: inout ByteSink) {
        attributes.withUnsafeBufferPointer { attributes in
            for index in attributes.indices {
                if index > 0 { sink.append(0x2c) }
                self.append(attributes[index], lengthMax, to: &sink)
            }
        }
    }

    @inline(__always)
    private static func append(_ attribute: borrowing Attribute, _ lengthMax: Int, to sink: inout ByteSink) {
        sink.append("{\"key\":" as StaticString)
        sink.append(jsonString: attribute.key)
        sink.append(",\"value\":" as StaticString)
        if attribute.sensitivity == .personal {
            sink.append("{\"stringValue\":\"[redacted]\"}" as StaticString)
        } else {
            self.append(attribute.value, lengthMax: lengthMax, to: &sink)
        }
        sink.append(0x7d)
    }

    @inline(__always)
    static func append(_ value: AttributeValue, lengthMax: Int, to sink: inout ByteSink) {
        switch value {
        case .string(let text): self.append(string: text, lengthMax: lengthMax, to: &sink)
        case .int(let number):
            sink.append("{\"intValue\":\"" as StaticString)
            sink.append(decimal: number)
            sink.append("\"}" as StaticString)
        case .double(let number):
            sink.append("{\"doubleValue\":" as StaticString)
            self.append(double: number, to: &sink)
            sink.append(0x7d)
        case .bool(let flag): sink.append(flag ? "{\"boolValue\":true}" : "{\"boolValue\":false}")
        case .strings(let texts):
            sink.append("{\"arrayValue\":{\"values\":[" as StaticString)
            for (index, text) in texts.enumerated() {
                if index > 0 { sink.append(0x2c) }
                self.append(string: text, lengthMax: lengthMax, to: &sink)
            }
            sink.append("]}}" as StaticString)
        }
    }

    @inline(__always)
    private static func append(string text: String, lengthMax: Int, to sink: inout ByteSink) {
        sink.append("{\"stringValue\":" as StaticString)
        sink.append(jsonString: text, lengthMax: lengthMax)
        sink.append(0x7d)
    }

    /// The JSON mapping of Protobuf writes what JSON has no number for as text.
    static func append(double number: Double, to sink: inout ByteSink) {
        if number.isFinite {
            sink.append(finite: number)
        } else {
            sink.append(number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"")
        }
    }
}
