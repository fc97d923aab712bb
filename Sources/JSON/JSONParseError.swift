/// Why bytes are not a JSON document, and where.
public struct JSONParseError: Error, Sendable, Hashable {
    /// Byte, from 0, at which the fault was seen.
    public let offset: Int
    public let reason: Reason

    public init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    public enum Reason: Sendable, Hashable {
        /// The document stops in the middle of a value.
        case unexpectedEnd
        /// A byte that cannot stand here.
        case unexpectedByte(UInt8)
        /// Something follows the document.
        case trailingContent
        /// Digits missing, a leading zero, a bare point.
        case malformedNumber
        /// A number longer than `JSONLimits.numberBytesMax`.
        case numberTooLong(bytesMax: Int)
        /// A control character inside a string, unescaped.
        case controlCharacter(UInt8)
        /// A backslash followed by what is no escape.
        case malformedEscape
        /// Half of a surrogate pair.
        case loneSurrogate
        /// Bytes that are not UTF-8.
        case invalidUTF8
        /// A name that the object already has.
        case duplicateKey
        /// Nesting past `JSONLimits.depthMax`.
        case tooDeep(depthMax: Int)
        /// More bytes than `JSONLimits.documentBytesMax`.
        case tooLarge(bytesMax: Int)
        /// More values than `JSONLimits.valuesMax`.
        case tooMany(valuesMax: Int)
    }
}

extension JSONParseError: CustomStringConvertible {
    /// A sentence for a person, with the offset. It repeats nothing of the document.
    public var description: String { "\(self.reason) at byte \(self.offset)" }
}

extension JSONParseError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unexpectedEnd: "the document ends in the middle of a value"
        case .unexpectedByte(let byte): "unexpected byte 0x\(String(byte, radix: 16))"
        case .trailingContent: "content after the document"
        case .malformedNumber: "malformed number"
        case .numberTooLong(let bytesMax): "a number longer than \(bytesMax) bytes"
        case .controlCharacter(let byte): "unescaped control character 0x\(String(byte, radix: 16)) in a string"
        case .malformedEscape: "malformed escape in a string"
        case .loneSurrogate: "half of a surrogate pair in a string"
        case .invalidUTF8: "invalid UTF-8 in a string"
        case .duplicateKey: "a key that the object already has"
        case .tooDeep(let depthMax): "nesting deeper than \(depthMax)"
        case .tooLarge(let bytesMax): "a document larger than \(bytesMax) bytes"
        case .tooMany(let valuesMax): "more than \(valuesMax) values"
        }
    }
}
