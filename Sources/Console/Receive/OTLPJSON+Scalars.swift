import JSON

/// Single values: what each may be written as, and what else it is refused as.
extension OTLPJSON {
    /// A text, cut where it is too long.
    static func text(_ json: JSONValue, _ intake: inout OTLPIntake) throws(OTLPJSONError) -> String {
        intake.text(try self.text(json))
    }

    static func text(_ json: JSONValue) throws(OTLPJSONError) -> String {
        guard case .string(let text) = json else { throw OTLPJSONError("must be a text") }
        return text
    }

    static func flag(_ json: JSONValue) throws(OTLPJSONError) -> Bool {
        guard case .bool(let flag) = json else { throw OTLPJSONError("must be true or false") }
        return flag
    }

    /// `int64`, a number or a text of one.
    static func integer(_ json: JSONValue) throws(OTLPJSONError) -> Int64 {
        switch json {
        case .number(let number): if let integer = number.int { return Int64(integer) }
        case .string(let text): if let integer = Int64(text) { return integer }
        default: break
        }
        throw OTLPJSONError("must be an integer of 64 bits")
    }

    /// `fixed64` and `uint64`, a number or a text of one.
    static func unsigned(_ json: JSONValue) throws(OTLPJSONError) -> UInt64 {
        switch json {
        case .number(let number):
            // By way of `int` for those with an exponent, which are whole all the same.
            let integer = UInt64(number.text) ?? number.int.flatMap { UInt64(exactly: $0) }
            if let integer { return integer }
        case .string(let text): if let integer = UInt64(text) { return integer }
        default: break
        }
        throw OTLPJSONError("must be an integer from 0 to \(UInt64.max)")
    }

    /// `fixed32` and `uint32`.
    static func unsigned32(_ json: JSONValue) throws(OTLPJSONError) -> UInt32 {
        guard let number = UInt32(exactly: try self.unsigned(json)) else {
            throw OTLPJSONError("must be an integer from 0 to \(UInt32.max)")
        }
        return number
    }

    /// The number of an enum's case. Names are not taken: the specification rules them out.
    static func enumNumber(_ json: JSONValue) throws(OTLPJSONError) -> Int {
        do { return Int(try self.integer(json)) } catch { throw OTLPJSONError("must be the number of a case") }
    }

    /// A number, or a text of one; `NaN`, `Infinity` and `-Infinity` are texts.
    static func double(_ json: JSONValue) throws(OTLPJSONError) -> Double {
        switch json {
        case .number(let number): if let double = number.double { return double }
        case .string("NaN"): return .nan
        case .string("Infinity"): return .infinity
        case .string("-Infinity"): return -.infinity
        case .string(let text): if let double = Double(text), double.isFinite { return double }
        default: break
        }
        throw OTLPJSONError("must be a number")
    }

    static func bytes(_ json: JSONValue) throws(OTLPJSONError) -> [UInt8] {
        guard let bytes = Base64.decode(try self.text(json)) else { throw OTLPJSONError("must be Base64") }
        return bytes
    }
}
