/// A JSON document as a value: what a request body or a token turns into before it is checked.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// Parses one document, strictly.
    ///
    /// Refused besides what the grammar refuses: duplicate keys, lone surrogates, invalid UTF-8, a byte order mark,
    /// nesting, numbers and documents past `limits`. Any value may stand at the top.
    ///
    /// - Throws: what is wrong first, and at which byte.
    /// - Complexity: linear in the number of bytes, whatever they are.
    /// - SeeAlso: RFC 8259; RFC 7493 (I-JSON) for the refusals
    public init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = .init()) throws(JSONParseError) {
        let parsed = bytes.withContiguousStorageIfAvailable { JSONParser.parse($0, limits: limits) }
        if let parsed {
            self = try parsed.get()
        } else {
            self = try Array(bytes).withUnsafeBufferPointer { JSONParser.parse($0, limits: limits) }.get()
        }
    }

    /// Parses one document that is held as text; see `init(parsing:limits:)`.
    public init(parsing text: String, limits: JSONLimits = .init()) throws(JSONParseError) {
        self = try text.borrowUTF8 { JSONParser.parse($0, limits: limits) }.get()
    }
}

/// The content when it is of the kind asked for, `nil` when it is of another.
extension JSONValue {
    public var isNull: Bool { self == .null }

    public var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    public var number: JSONNumber? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The number as an integer, when it is one; see `JSONNumber.int`.
    public var int: Int? { self.number?.int }

    /// The number as the closest double; see `JSONNumber.double`.
    public var double: Double? { self.number?.double }

    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The member `key` of an object; `nil` when there is none or this is no object.
    public subscript(_ key: String) -> JSONValue? { self.object?[key] }
}
