/// How a request of OTLP is written, and its answer with it.
enum OTLPEncoding: Sendable {
    case json, protobuf

    /// - Parameter contentType: as in the field; parameters behind a semicolon do not count (RFC 9110, section 8.3.1).
    init?(contentType: String?) {
        let type = contentType?.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        switch type {
        case "application/json": self = .json
        case "application/x-protobuf": self = .protobuf
        default: return nil
        }
    }

    var contentType: String {
        switch self {
        case .json: "application/json"
        case .protobuf: "application/x-protobuf"
        }
    }

    /// The items of a body that is not compressed any more.
    func read<Item: OTLPItem>(_ body: [UInt8], _ intake: inout OTLPIntake) throws(OTLPDecodingError) -> [Item] {
        switch self {
        case .json: try OTLPJSON.read(body, &intake)
        case .protobuf: try OTLPProtobuf.read(body, &intake)
        }
    }
}
