import JSON

/// Reads requests of OTLP from JSON.
///
/// Names are those of the fields in lowerCamelCase; ids are hexadecimal; 64-bit numbers may be texts; enums are numbers;
/// `null` counts as not sent, and what is not known is passed over. A field of another kind than it should be makes the
/// whole body malformed, as it would in Protobuf.
/// Source: OTLP specification 1.x, "JSON Protobuf Encoding"; Protocol Buffers, "ProtoJSON Format".
enum OTLPJSON {
    static func read<Item: OTLPItem>(
        _ bytes: [UInt8], _ intake: inout OTLPIntake
    ) throws(OTLPDecodingError) -> [Item] {
        let document = try self.parse(bytes, intake.limits)
        var items: [Item] = []
        let names = Item.listNames
        do {
            try self.members(of: document) { key, value throws(OTLPJSONError) in
                guard key == names.resources else { return }
                try self.elements(of: value) { group throws(OTLPJSONError) in
                    try self.readResourceGroup(group, &items, &intake)
                }
            }
        } catch {
            throw .malformed("the body is no request of this kind: \(error)")
        }
        return items
    }

    private static func parse(_ bytes: [UInt8], _ limits: OTLPLimits) throws(OTLPDecodingError) -> JSONValue {
        do {
            return try JSONValue(
                parsing: bytes,
                limits: JSONLimits(
                    documentBytesMax: limits.expandedBytesMax, depthMax: OTLPLimits.jsonDepthMax,
                    valuesMax: OTLPLimits.jsonValuesMax))
        } catch {
            switch error.reason {
            case .tooMany, .tooLarge: throw .tooLarge("\(error)")
            default: throw .malformed("the body is no JSON: \(error)")
            }
        }
    }

    /// `ResourceSpans` and the like.
    private static func readResourceGroup<Item: OTLPItem>(
        _ json: JSONValue, _ items: inout [Item], _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        let start = items.count
        let names = Item.listNames
        var resource = ReceivedResource()
        try self.members(of: json) { key, value throws(OTLPJSONError) in
            if key == "resource" {
                try self.members(of: value) { key, value throws(OTLPJSONError) in
                    if key == "attributes" { resource.attributes = try self.attributes(value, &intake).kept }
                }
            } else if key == names.scopes {
                try self.elements(of: value) { group throws(OTLPJSONError) in
                    try self.readScopeGroup(group, &items, &intake)
                }
            }
        }
        for index in start..<items.count { items[index].assign(resource) }
    }

    /// `ScopeSpans` and the like.
    private static func readScopeGroup<Item: OTLPItem>(
        _ json: JSONValue, _ items: inout [Item], _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        let start = items.count
        let names = Item.listNames
        var scope = ReceivedScope()
        try self.members(of: json) { key, value throws(OTLPJSONError) in
            if key == "scope" {
                scope = try self.scope(value, &intake)
            } else if key == names.items {
                try self.elements(of: value) { item throws(OTLPJSONError) in
                    try Item.append(from: item, to: &items, &intake)
                }
            }
        }
        for index in start..<items.count { items[index].assign(scope) }
    }

    /// `InstrumentationScope`
    private static func scope(
        _ json: JSONValue, _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) -> ReceivedScope {
        var scope = ReceivedScope()
        try self.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "name": scope.name = try self.text(value, &intake)
            case "version": scope.version = try self.text(value, &intake)
            case "attributes": scope.attributes = try self.attributes(value, &intake).kept
            default: break
            }
        }
        return scope
    }
}

// MARK: - Structure

extension OTLPJSON {
    /// Calls `body` for each member that is not `null`. Names that are not known must not make it throw.
    static func members(
        of json: JSONValue, _ body: (String, JSONValue) throws(OTLPJSONError) -> Void
    ) throws(OTLPJSONError) {
        guard case .object(let object) = json else { throw OTLPJSONError("must be an object") }
        for member in object.members {
            if case .null = member.value { continue }
            do { try body(member.key, member.value) } catch { throw error.inside(member.key) }
        }
    }

    static func elements(
        of json: JSONValue, _ body: (JSONValue) throws(OTLPJSONError) -> Void
    ) throws(OTLPJSONError) {
        guard case .array(let elements) = json else { throw OTLPJSONError("must be an array") }
        for (index, element) in elements.enumerated() {
            do { try body(element) } catch { throw error.inside("[\(index)]") }
        }
    }
}
