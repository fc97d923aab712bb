/// Recursive descent over bytes in memory. Recursion is bounded by `JSONLimits.depthMax`.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    var position = 0
    private var depth = 0
    private var valuesLeft: Int

    private init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        self.valuesLeft = limits.valuesMax
    }

    /// Parses one document. A `Result`, because the closures that lend memory do not carry typed errors.
    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits
    ) -> Result<JSONValue, JSONParseError> {
        var parser = JSONParser(bytes, limits: limits)
        return Result { () throws(JSONParseError) in try parser.document() }
    }

    private mutating func document() throws(JSONParseError) -> JSONValue {
        guard self.bytes.count <= self.limits.documentBytesMax else {
            throw self.fault(.tooLarge(bytesMax: self.limits.documentBytesMax), at: self.limits.documentBytesMax)
        }
        let value = try self.value()
        guard self.nextToken() == nil else { throw self.fault(.trailingContent) }
        return value
    }

    private mutating func value() throws(JSONParseError) -> JSONValue {
        guard let byte = self.nextToken() else { throw self.fault(.unexpectedEnd) }
        guard self.valuesLeft > 0 else { throw self.fault(.tooMany(valuesMax: self.limits.valuesMax)) }
        self.valuesLeft -= 1
        switch byte {
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "{"): return .object(try self.object())
        case UInt8(ascii: "["): return .array(try self.array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try self.number())
        case UInt8(ascii: "t"): return try self.literal("true", .bool(true))
        case UInt8(ascii: "f"): return try self.literal("false", .bool(false))
        case UInt8(ascii: "n"): return try self.literal("null", .null)
        default: throw self.fault(.unexpectedByte(byte))
        }
    }

    private mutating func array() throws(JSONParseError) -> [JSONValue] {
        try self.descend()
        var elements: [JSONValue] = []
        if self.take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try self.value())
            if try self.isLast(closedBy: UInt8(ascii: "]")) { return elements }
        }
    }

    private mutating func object() throws(JSONParseError) -> JSONObject {
        try self.descend()
        var object = JSONObject()
        if self.take(UInt8(ascii: "}")) { return object }
        while true {
            try self.expect(UInt8(ascii: "\""))
            let start = self.position
            let key = try self.string()
            try self.expect(UInt8(ascii: ":"))
            self.position += 1
            guard object.append(key, try self.value()) else { throw self.fault(.duplicateKey, at: start) }
            if try self.isLast(closedBy: UInt8(ascii: "}")) { return object }
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
        for index in 0..<text.utf8CodeUnitCount {
            guard self.position < self.bytes.count else { throw self.fault(.unexpectedEnd) }
            let byte = self.bytes[self.position]
            guard byte == text.utf8Start[index] else { throw self.fault(.unexpectedByte(byte)) }
            self.position += 1
        }
        return value
    }
}

// MARK: - Tokens

extension JSONParser {
    /// Skips white space and answers the byte after it without taking it; `nil` at the end.
    @inline(__always)
    mutating func nextToken() -> UInt8? {
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            self.position += 1
        }
        return nil
    }

    func fault(_ reason: JSONParseError.Reason, at offset: Int? = nil) -> JSONParseError {
        JSONParseError(offset: offset ?? self.position, reason: reason)
    }

    /// Takes an opening bracket.
    private mutating func descend() throws(JSONParseError) {
        guard self.depth < self.limits.depthMax else { throw self.fault(.tooDeep(depthMax: self.limits.depthMax)) }
        self.depth += 1
        self.position += 1
    }

    /// Takes the closing bracket of an empty array or object, if it is next.
    private mutating func take(_ bracket: UInt8) -> Bool {
        guard self.nextToken() == bracket else { return false }
        self.position += 1
        self.depth -= 1
        return true
    }

    /// Takes the comma after an element (`false`) or the closing bracket (`true`).
    private mutating func isLast(closedBy bracket: UInt8) throws(JSONParseError) -> Bool {
        guard let byte = self.nextToken() else { throw self.fault(.unexpectedEnd) }
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw self.fault(.unexpectedByte(byte)) }
        self.position += 1
        if byte == bracket { self.depth -= 1 }
        return byte == bracket
    }

    /// Sees to it that `byte` is next, without taking it.
    private mutating func expect(_ byte: UInt8) throws(JSONParseError) {
        guard let next = self.nextToken() else { throw self.fault(.unexpectedEnd) }
        guard next == byte else { throw self.fault(.unexpectedByte(next)) }
    }
}
