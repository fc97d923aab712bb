public import Protobuf

/// A message of `google.rpc` in its envelope (`google.protobuf.Any`): what an error says beside its code.
public struct RPCErrorDetail: Sendable, Hashable {
    /// `type.googleapis.com/google.rpc.ErrorInfo`
    public let typeURL: String
    /// The encoded message.
    public let value: [UInt8]

    public init(typeURL: String, value: [UInt8]) {
        self.typeURL = typeURL
        self.value = value
    }

    /// Packs a message.
    public init(_ message: some RPCErrorDetailMessage) {
        self.init(typeURL: "type.googleapis.com/" + type(of: message).protoName, value: message.bytes)
    }

    public static func errorInfo(reason: String, domain: String, metadata: [String: String] = [:]) -> RPCErrorDetail {
        RPCErrorDetail(ErrorInfo(reason: reason, domain: domain, metadata: metadata))
    }
    public static func retryInfo(_ delay: Duration) -> RPCErrorDetail { RPCErrorDetail(RetryInfo(retryDelay: delay)) }
    public static func badRequest(_ violations: [BadRequest.FieldViolation]) -> RPCErrorDetail {
        RPCErrorDetail(BadRequest(fieldViolations: violations))
    }
    public static func preconditionFailure(_ violations: [PreconditionFailure.Violation]) -> RPCErrorDetail {
        RPCErrorDetail(PreconditionFailure(violations: violations))
    }
    public static func quotaFailure(_ violations: [QuotaFailure.Violation]) -> RPCErrorDetail {
        RPCErrorDetail(QuotaFailure(violations: violations))
    }

    /// Unpacks the message; nil when it is of another type or cannot be read.
    public func message<Message: RPCErrorDetailMessage>(as type: Message.Type) -> Message? {
        // The name is what stands behind the last slash (google/protobuf/any.proto).
        guard self.typeURL.split(separator: "/").last.map(String.init) == type.protoName else { return nil }
        return try? Message(decoding: self.value)  // Details help; without them the code still says what happened.
    }
}

/// A message that errors carry: one of `google.rpc`.
public protocol RPCErrorDetailMessage: ProtobufMessage {}

extension [RPCErrorDetail] {
    func firstValue<Message: RPCErrorDetailMessage>(of type: Message.Type) -> Message? {
        for detail in self {
            if let message = detail.message(as: type) { return message }
        }
        return nil
    }
}

extension RPCErrorDetail {
    /// The bytes of `grpc-status-details-bin`.
    static func encodeStatus(code: RPCCode, message: String, details: [RPCErrorDetail]) -> [UInt8] {
        Status(code: Int32(code.rawValue), message: message, details: details.map(Envelope.init)).bytes
    }

    /// Nil for bytes that are no status.
    static func decodeStatus(_ bytes: [UInt8]) -> [RPCErrorDetail]? {
        let status = try? Status(decoding: bytes)  // As above: code and message came beside it.
        return status?.details.map { RPCErrorDetail(typeURL: $0.typeURL, value: $0.value) }
    }

    /// `google.rpc.Status`
    private struct Status: ProtobufMessage {
        var code: Int32 = 0
        var message = ""
        var details: [Envelope] = []

        static var protoName: String { "google.rpc.Status" }
        init() {}
        init(code: Int32, message: String, details: [Envelope]) {
            self.code = code
            self.message = message
            self.details = details
        }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.int32, into: &self.code)
                case 2: try reader.read(.string, into: &self.message)
                case 3: try reader.read(.message(Envelope.self), appendingTo: &self.details)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.int32, self.code, field: 1)
            writer.write(.string, self.message, field: 2)
            writer.write(.message(Envelope.self), repeated: self.details, field: 3)
        }
    }

    /// `google.protobuf.Any`
    private struct Envelope: ProtobufMessage {
        var typeURL = ""
        var value: [UInt8] = []

        static var protoName: String { "google.protobuf.Any" }
        init() {}
        init(_ detail: RPCErrorDetail) {
            self.typeURL = detail.typeURL
            self.value = detail.value
        }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.typeURL)
                case 2: try reader.read(.bytes, into: &self.value)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.typeURL, field: 1)
            writer.write(.bytes, self.value, field: 2)
        }
    }
}
