public import JSON

/// Reads the fields of a JSON object and collects everything that is wrong with them, so that a caller learns of all
/// of it at once.
///
/// A read that fails gives a stand-in ("" or 0) and records an error; call `validate()` before using any value.
public struct PayloadReader: Sendable {
    private let object: JSONObject
    private let prefix: String
    private var wrongTypes: [FieldError] = []
    private var invalid: [FieldError] = []

    public init(_ object: JSONObject, prefix: String = "") {
        self.object = object
        self.prefix = prefix
    }

    /// Whether the field is there with any value but null.
    public func has(_ name: String) -> Bool {
        switch self.object[name] {
        case nil, .null: false
        default: true
        }
    }

    /// - Throws: `Problem` 400 when a field has the wrong type, else 422 when a value is missing or not acceptable.
    public func validate() throws {
        if !self.wrongTypes.isEmpty {
            throw Problem.badRequest("Some fields have the wrong type.", errors: self.wrongTypes + self.invalid)
        }
        if !self.invalid.isEmpty { throw Problem.unprocessable(self.invalid) }
    }

    /// Records that a value which could be read cannot be accepted.
    public mutating func reject(_ name: String, _ message: String) {
        self.invalid.append(FieldError(self.prefix + name, message))
    }

    private mutating func wrongType(_ name: String, _ expected: String) {
        self.wrongTypes.append(FieldError(self.prefix + name, "must be \(expected)"))
    }

    private mutating func missing(_ name: String) { self.reject(name, "is required") }

    // MARK: Text

    /// Required text, without white space around it.
    /// - Parameter length: bounds in Unicode scalars, after trimming.
    public mutating func string(_ name: String, length: ClosedRange<Int>) -> String {
        guard self.has(name) else {
            self.missing(name)
            return ""
        }
        return self.optionalString(name, length: length) ?? ""
    }

    /// Text or nil when it is absent or null.
    public mutating func optionalString(_ name: String, length: ClosedRange<Int>) -> String? {
        guard let raw = self.rawString(name) else { return nil }
        let text = raw.trimmed
        let count = text.unicodeScalars.count
        guard length.contains(count) else {
            self.reject(
                name,
                count < length.lowerBound
                    ? (length.lowerBound == 1
                        ? "must not be empty" : "must have at least \(length.lowerBound) characters")
                    : "must have at most \(length.upperBound) characters")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" || $0.value == 0x7F })
        else {
            self.reject(name, "must not contain control characters")
            return nil
        }
        return text
    }

    /// Text exactly as sent, for passwords and tokens; nil when absent, null or of another type.
    public mutating func rawString(_ name: String) -> String? {
        switch self.object[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default:
            self.wrongType(name, "a string")
            return nil
        }
    }

    /// A required UUID, in lower case.
    public mutating func id(_ name: String) -> String {
        guard self.has(name) else {
            self.missing(name)
            return ""
        }
        return self.optionalID(name) ?? ""
    }

    public mutating func optionalID(_ name: String) -> String? {
        guard let text = self.rawString(name) else { return nil }
        guard let id = canonicalUUID(text) else {
            self.reject(name, "must be a UUID")
            return nil
        }
        return id
    }

    /// One of a closed set, or nil when absent.
    public mutating func choice<C: CaseIterable & RawRepresentable<String>>(_ name: String, of type: C.Type) -> C? {
        guard let text = self.rawString(name) else { return nil }
        guard let value = C(rawValue: text) else {
            self.reject(name, "must be one of \(C.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return value
    }

    // MARK: Numbers

    /// A required whole number.
    public mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int {
        guard self.has(name) else {
            self.missing(name)
            return 0
        }
        return self.optionalInteger(name, in: range) ?? 0
    }

    public mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) -> Int? {
        switch self.object[name] {
        case nil, .null: return nil
        case .number(let number):
            guard let value = number.int else {
                if number.double == nil {
                    self.wrongType(name, "a whole number")
                } else {
                    self.reject(name, "must be a whole number")
                }
                return nil
            }
            guard range.contains(value) else {
                self.reject(name, "must be from \(range.lowerBound) to \(range.upperBound)")
                return nil
            }
            return value
        default:
            self.wrongType(name, "a whole number")
            return nil
        }
    }

    /// A required amount of money, in minor units: `19.99` is 1999.
    public mutating func minorUnits(_ name: String, in range: ClosedRange<Int>) -> Int {
        guard self.has(name) else {
            self.missing(name)
            return 0
        }
        return self.optionalMinorUnits(name, in: range) ?? 0
    }

    public mutating func optionalMinorUnits(_ name: String, in range: ClosedRange<Int>) -> Int? {
        switch self.object[name] {
        case nil, .null: return nil
        case .number(let number):
            guard let units = number.minorUnits, range.contains(units) else {
                self.reject(
                    name,
                    "must be an amount from \(Self.amount(range.lowerBound)) to \(Self.amount(range.upperBound)) with at most two decimals"
                )
                return nil
            }
            return units
        default:
            self.wrongType(name, "a number")
            return nil
        }
    }

    private static func amount(_ minorUnits: Int) -> String {
        var writer = JSONWriter(capacity: 16)
        writer.decimal(minorUnits: minorUnits)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    public mutating func optionalBool(_ name: String) -> Bool? {
        switch self.object[name] {
        case nil, .null: return nil
        case .bool(let value): return value
        default:
            self.wrongType(name, "true or false")
            return nil
        }
    }

    // MARK: Structure

    /// An object's fields, read by `read`; nil when absent or null.
    public mutating func optionalObject<T>(_ name: String, _ read: (inout PayloadReader) -> T) -> T? {
        switch self.object[name] {
        case nil, .null: return nil
        case .object(let object):
            var reader = PayloadReader(object, prefix: "\(self.prefix)\(name).")
            let value = read(&reader)
            self.absorb(reader)
            return value
        default:
            self.wrongType(name, "an object")
            return nil
        }
    }

    /// The objects of an array, each read by `read`; nil when absent or null.
    public mutating func optionalObjects<T>(
        _ name: String, count: ClosedRange<Int>, _ read: (inout PayloadReader) -> T
    ) -> [T]? {
        switch self.object[name] {
        case nil, .null: return nil
        case .array(let elements):
            guard count.contains(elements.count) else {
                self.reject(name, "must have from \(count.lowerBound) to \(count.upperBound) elements")
                return nil
            }
            var values: [T] = []
            for (index, element) in elements.enumerated() {
                guard case .object(let object) = element else {
                    self.wrongType("\(name)[\(index)]", "an object")
                    continue
                }
                var reader = PayloadReader(object, prefix: "\(self.prefix)\(name)[\(index)].")
                values.append(read(&reader))
                self.absorb(reader)
            }
            return values
        default:
            self.wrongType(name, "an array")
            return nil
        }
    }

    private mutating func absorb(_ other: PayloadReader) {
        self.wrongTypes += other.wrongTypes
        self.invalid += other.invalid
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let scalars = self.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
