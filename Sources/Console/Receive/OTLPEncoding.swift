import HTTPCore
import JSON
import Protobuf

/// How a request of OTLP is written, and its answer with it.
enum OTLPEncoding {
    case json, protobuf

    /// - Parameter contentType: parameters behind a semicolon do not count.
    init?(_ contentType: String?) {
        let type = contentType?.split(separator: ";").first?.lowercased().filter { $0 != " " }
        switch type {
        case "application/json": self = .json
        case "application/x-protobuf": self = .protobuf
        default: return nil
        }
    }

    var contentType: String { self == .json ? "application/json" : "application/x-protobuf" }

    /// - Throws: `ReceiveRefusal` of status 400.
    func read<Item>(
        _ body: [UInt8], _ fromJSON: (JSONValue) -> OTLP.Request<Item>
    ) throws -> OTLP.Request<Item> {
        switch self {
        case .json:
            do {
                let limits = JSONLimits(
                    documentBytesMax: OTLPReceiver.expandedBytesMax, depthMax: OTLPReceiver.depthMax)
                let value = try JSONValue(parsing: body, limits: limits)
                guard value.object != nil else { throw ReceiveRefusal(.badRequest, "the body is no JSON object") }
                return fromJSON(value)
            } catch let error as JSONParseError {
                throw ReceiveRefusal(.badRequest, "the body is no JSON: \(error.reason) at byte \(error.offset)")
            }
        case .protobuf:
            do {
                return try OTLP.Request<Item>(decoding: body, limits: ProtobufLimits(depthMax: 64))
            } catch {
                throw ReceiveRefusal(.badRequest, "the body is no such message: \(error)")
            }
        }
    }

    /// 200, with what was refused if anything was.
    func answer(_ signal: ReceivedSignal, _ admission: Admission) -> HTTPResponse {
        let body: [UInt8]
        switch self {
        case .json:
            var json = JSONWriter()
            json.beginObject()
            if admission.refused > 0 {
                json.key("partialSuccess")
                json.beginObject()
                // 64-bit numbers are texts in the JSON of Protobuf.
                json.key(escaping: signal.refusedField)
                json.value(String(admission.refused))
                json.field("errorMessage", admission.reason)
                json.endObject()
            }
            json.endObject()
            body = json.bytes
        case .protobuf:
            var answer = OTLP.Answer()
            if admission.refused > 0 {
                answer.partial = OTLP.PartialSuccess(refused: Int64(admission.refused), message: admission.reason)
            }
            body = answer.bytes
        }
        return HTTPResponse(.ok, fields: [.contentType: self.contentType], body: .bytes(body))
    }

    /// `google.rpc.Status`, as the specification asks for.
    func failure(_ refusal: ReceiveRefusal) -> HTTPResponse {
        // INVALID_ARGUMENT, or RESOURCE_EXHAUSTED for what is too large.
        let code: Int32 = refusal.status == .contentTooLarge ? 8 : 3
        let body: [UInt8]
        switch self {
        case .json:
            var json = JSONWriter()
            json.beginObject()
            json.field("code", Int(code))
            json.field("message", refusal.reason)
            json.endObject()
            body = json.bytes
        case .protobuf: body = GoogleRPC.Status(code: code, message: refusal.reason).bytes
        }
        return HTTPResponse(refusal.status, fields: [.contentType: self.contentType], body: .bytes(body))
    }
}

extension OTLP {
    /// `ExportTraceServiceResponse` and the like, which agree on the wire.
    struct Answer: ProtobufMessage {
        static let protoName = "opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse"
        var partial: PartialSuccess?

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                if field == 1 {
                    try reader.read(.message(PartialSuccess.self), into: &self.partial)
                } else {
                    try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(PartialSuccess.self), optional: self.partial, field: 1)
        }
    }

    /// `ExportTracePartialSuccess` and the like.
    struct PartialSuccess: ProtobufMessage {
        static let protoName = "opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess"
        var refused: Int64 = 0
        var message = ""

        init() {}

        init(refused: Int64, message: String) {
            self.refused = refused
            self.message = message
        }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.int64, into: &self.refused)
                case 2: try reader.read(.string, into: &self.message)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.int64, self.refused, field: 1)
            writer.write(.string, self.message, field: 2)
        }
    }
}
