import HTTPCore
import JSON
import Protobuf

/// What a sender is answered, in the encoding that it speaks.
///
/// Source: OTLP specification 1.x, "OTLP/HTTP Response".
enum OTLPReply {
    /// `ExportTraceServiceResponse` and the like: 200, with what was refused if anything was.
    static func taken(
        _ signal: ReceivedSignal, refused: Int, _ message: String, _ encoding: OTLPEncoding
    ) -> HTTPResponse {
        let body =
            switch encoding {
            case .json: self.takenJSON(signal, refused: refused, message)
            case .protobuf: self.takenProtobuf(refused: refused, message)
            }
        return HTTPResponse(.ok, fields: [.contentType: encoding.contentType], body: .bytes(body))
    }

    private static func takenJSON(_ signal: ReceivedSignal, refused: Int, _ message: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        if refused > 0 {
            json.key("partialSuccess")
            json.beginObject()
            // An `int64`, and so a text.
            json.key(escaping: signal.refusedField)
            json.value(String(refused))
            json.field("errorMessage", message)
            json.endObject()
        }
        json.endObject()
        return json.bytes
    }

    private static func takenProtobuf(refused: Int, _ message: String) -> [UInt8] {
        guard refused > 0 else { return [] }
        var partial = ProtobufWriter()
        partial.write(.int64, Int64(refused), field: 1)
        partial.write(.string, message, field: 2)
        var answer = ProtobufWriter()
        answer.write(.bytes, always: partial.bytes, field: 1)
        return answer.bytes
    }

    /// `google.rpc.Status`
    static func failed(_ failure: OTLPFailure, _ encoding: OTLPEncoding) -> HTTPResponse {
        var fields = failure.fields
        fields.append(.contentType, encoding.contentType)
        let body: [UInt8]
        switch encoding {
        case .protobuf: body = GoogleRPC.Status(code: failure.code, message: failure.message).bytes
        case .json:
            var json = JSONWriter()
            json.beginObject()
            json.field("code", Int(failure.code))
            json.field("message", failure.message)
            json.endObject()
            body = json.bytes
        }
        return HTTPResponse(failure.status, fields: fields, body: .bytes(body))
    }
}
