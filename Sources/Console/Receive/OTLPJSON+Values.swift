import JSON

extension OTLPJSON {
    /// `repeated KeyValue`
    ///
    /// - Returns: those that are kept, and how many were left out because there are too many.
    static func attributes(
        _ json: JSONValue, _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) -> (kept: [ReceivedAttribute], leftOut: UInt32) {
        var kept: [ReceivedAttribute] = []
        var leftOut: UInt32 = 0
        if let count = json.array?.count { kept.reserveCapacity(min(count, intake.limits.attributesMax)) }
        try self.elements(of: json) { pair throws(OTLPJSONError) in
            if kept.count < intake.limits.attributesMax {
                kept.append(try self.pair(pair, &intake, depth: 0))
            } else {
                intake.leaveOut(.attribute)
                leftOut.increase()
            }
        }
        return (kept, leftOut)
    }

    /// `KeyValue`
    private static func pair(
        _ json: JSONValue, _ intake: inout OTLPIntake, depth: Int
    ) throws(OTLPJSONError) -> ReceivedAttribute {
        var key = ""
        var value = ReceivedValue.empty
        try self.members(of: json) { name, member throws(OTLPJSONError) in
            switch name {
            case "key": key = try self.text(member, &intake)
            case "value": value = try self.value(member, &intake, depth: depth)
            default: break
            }
        }
        return ReceivedAttribute(key, value)
    }

    /// `AnyValue`, a `oneof`: the last that was sent counts, as in Protobuf.
    static func value(
        _ json: JSONValue, _ intake: inout OTLPIntake, depth: Int
    ) throws(OTLPJSONError) -> ReceivedValue {
        var value = ReceivedValue.empty
        try self.members(of: json) { name, member throws(OTLPJSONError) in
            switch name {
            case "stringValue": value = .string(try self.text(member, &intake))
            case "boolValue": value = .bool(try self.flag(member))
            case "intValue": value = .int(try self.integer(member))
            case "doubleValue": value = .double(try self.double(member))
            case "bytesValue": value = .bytes(intake.bytes(try self.bytes(member)))
            case "arrayValue": value = try self.array(member, &intake, depth: depth)
            case "kvlistValue": value = try self.map(member, &intake, depth: depth)
            default: break
            }
        }
        return value
    }

    /// `ArrayValue`
    private static func array(
        _ json: JSONValue, _ intake: inout OTLPIntake, depth: Int
    ) throws(OTLPJSONError) -> ReceivedValue {
        var values: [ReceivedValue] = []
        let isRead = try self.values(of: json, &intake, depth) { element, intake throws(OTLPJSONError) in
            values.append(try self.value(element, &intake, depth: depth + 1))
        }
        return isRead ? .array(values) : .empty
    }

    /// `KeyValueList`
    private static func map(
        _ json: JSONValue, _ intake: inout OTLPIntake, depth: Int
    ) throws(OTLPJSONError) -> ReceivedValue {
        var pairs: [ReceivedAttribute] = []
        let isRead = try self.values(of: json, &intake, depth) { element, intake throws(OTLPJSONError) in
            pairs.append(try self.pair(element, &intake, depth: depth + 1))
        }
        return isRead ? .map(pairs) : .empty
    }

    /// Both lists have their elements in `values`.
    ///
    /// - Returns: false where it is nested too deep, and passed over.
    private static func values(
        of json: JSONValue, _ intake: inout OTLPIntake, _ depth: Int,
        _ body: (JSONValue, inout OTLPIntake) throws(OTLPJSONError) -> Void
    ) throws(OTLPJSONError) -> Bool {
        guard depth < intake.limits.depthMax else {
            intake.leaveOut(.element)
            return false
        }
        try self.members(of: json) { name, member throws(OTLPJSONError) in
            guard name == "values" else { return }
            var count = 0
            try self.elements(of: member) { element throws(OTLPJSONError) in
                count += 1
                if count > intake.limits.elementsMax {
                    intake.leaveOut(.element)
                } else {
                    try body(element, &intake)
                }
            }
        }
        return true
    }
}
