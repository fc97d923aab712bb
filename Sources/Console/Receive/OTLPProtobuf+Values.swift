import Protobuf

extension OTLPProtobuf {
    /// What a value that is boxed takes besides its place in a list, in bytes.
    private static let boxBytes = 48

    /// A text, cut where it is too long.
    static func text(_ reader: inout ProtobufReader, _ intake: inout OTLPIntake) throws(ProtobufError) -> String {
        var text = ""
        try reader.read(.string, into: &text)
        return intake.text(text)
    }

    /// `KeyValue` of a list that has room for so many.
    ///
    /// - Returns: false where it was left out.
    @discardableResult
    static func readAttribute(
        _ reader: inout ProtobufReader, to attributes: inout [ReceivedAttribute], _ intake: inout OTLPIntake
    ) throws(ProtobufError) -> Bool {
        guard attributes.count < intake.limits.attributesMax else {
            intake.leaveOut(.attribute)
            try reader.skip()
            return false
        }
        if let pair = try self.pair(&reader, &intake, depth: 0) { attributes.append(pair) }
        return true
    }

    /// `KeyValue`; nil where the field is of another wire type.
    private static func pair(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake, depth: Int
    ) throws(ProtobufError) -> ReceivedAttribute? {
        try reader.charge(MemoryLayout<ReceivedAttribute>.stride + self.boxBytes)
        var key = ""
        var value = ReceivedValue.empty
        let isPair = try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: key = try self.text(&reader, &intake)
                case 2: value = try self.value(&reader, &intake, depth: depth)
                default: try reader.skip()
                }
            }
        }
        return isPair ? ReceivedAttribute(key, value) : nil
    }

    /// `AnyValue`, a `oneof`: the last that was sent counts.
    static func value(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake, depth: Int
    ) throws(ProtobufError) -> ReceivedValue {
        var value = ReceivedValue.empty
        try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: value = .string(try self.text(&reader, &intake))
                case 2: value = .bool(try self.scalar(.bool, &reader))
                case 3: value = .int(try self.scalar(.int64, &reader))
                case 4: value = .double(try self.scalar(.double, &reader))
                case 5: value = try self.array(&reader, &intake, depth: depth)
                case 6: value = try self.map(&reader, &intake, depth: depth)
                case 7: value = .bytes(intake.bytes(try self.scalar(.bytes, &reader)))
                default: try reader.skip()
                }
            }
        }
        return value
    }

    /// One field as a value, its default where it is of another wire type.
    static func scalar<Codec: ProtobufCodec>(
        _ codec: Codec, _ reader: inout ProtobufReader
    ) throws(ProtobufError) -> Codec.Value {
        var value = codec.empty
        try reader.read(codec, into: &value)
        return value
    }

    /// `ArrayValue`
    private static func array(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake, depth: Int
    ) throws(ProtobufError) -> ReceivedValue {
        var values: [ReceivedValue] = []
        let isRead = try self.elements(&reader, &intake, depth) { reader, intake throws(ProtobufError) in
            try reader.charge(MemoryLayout<ReceivedValue>.stride + self.boxBytes)
            values.append(try self.value(&reader, &intake, depth: depth + 1))
        }
        return isRead ? .array(values) : .empty
    }

    /// `KeyValueList`
    private static func map(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake, depth: Int
    ) throws(ProtobufError) -> ReceivedValue {
        var pairs: [ReceivedAttribute] = []
        let isRead = try self.elements(&reader, &intake, depth) { reader, intake throws(ProtobufError) in
            if let pair = try self.pair(&reader, &intake, depth: depth + 1) { pairs.append(pair) }
        }
        return isRead ? .map(pairs) : .empty
    }

    /// Both lists have their elements at 1.
    ///
    /// - Returns: false where it is nested too deep, and passed over.
    private static func elements(
        _ reader: inout ProtobufReader, _ intake: inout OTLPIntake, _ depth: Int,
        _ body: (inout ProtobufReader, inout OTLPIntake) throws(ProtobufError) -> Void
    ) throws(ProtobufError) -> Bool {
        guard depth < intake.limits.depthMax else {
            intake.leaveOut(.element)
            try reader.skip()
            return false
        }
        var count = 0
        return try reader.readMessage { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                guard field == 1, count < intake.limits.elementsMax else {
                    if field == 1 { intake.leaveOut(.element) }
                    try reader.skip()
                    continue
                }
                count += 1
                try body(&reader, &intake)
            }
        }
    }
}
