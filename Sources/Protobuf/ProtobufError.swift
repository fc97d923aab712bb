/// Why bytes are not the message they should be, and where.
public struct ProtobufError: Error, Sendable, Hashable {
    /// Byte, from 0, at which the fault was seen.
    public let offset: Int
    public let reason: Reason

    public init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    public enum Reason: Sendable, Hashable {
        /// The bytes stop in the middle of a field, or a length goes past what holds it.
        case truncated
        /// A variable-length number of more than ten bytes.
        case malformedVarint
        /// A field number of 0 or above 536,870,911.
        case invalidFieldNumber
        /// A wire type that does not exist: 6 or 7.
        case invalidWireType
        /// The end of a group that has not begun, or of another one.
        case unmatchedGroupEnd
        /// A `string` whose bytes are not UTF-8.
        case invalidUTF8
        /// Nesting past `ProtobufLimits.depthMax`.
        case tooDeep(depthMax: Int)
        /// More memory than `ProtobufLimits.memoryBytesMax`.
        case tooLarge(bytesMax: Int)
    }
}

extension ProtobufError: CustomStringConvertible {
    /// A sentence for a person, with the offset. It repeats nothing of the message.
    public var description: String { "\(self.reason) at byte \(self.offset)" }
}

extension ProtobufError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated: "the message ends in the middle of a field"
        case .malformedVarint: "a number of more than ten bytes"
        case .invalidFieldNumber: "an impossible field number"
        case .invalidWireType: "an unknown wire type"
        case .unmatchedGroupEnd: "the end of a group that has not begun"
        case .invalidUTF8: "invalid UTF-8 in a string"
        case .tooDeep(let depthMax): "nesting deeper than \(depthMax)"
        case .tooLarge(let bytesMax): "a message that takes more than \(bytesMax) bytes of memory"
        }
    }
}
