import HTTPCore

/// The protocol's own fields.
enum RPCField {
    static let status: HTTPFieldName = "grpc-status"
    static let message: HTTPFieldName = "grpc-message"
    static let statusDetails: HTTPFieldName = "grpc-status-details-bin"
    static let encoding: HTTPFieldName = "grpc-encoding"
    static let acceptEncoding: HTTPFieldName = "grpc-accept-encoding"
    static let retryPushback: HTTPFieldName = "grpc-retry-pushback-ms"

    /// `content-type: application/grpc` alone: the head of most answers, made once.
    static let responseHead: HTTPFields = {
        var fields = HTTPFields()
        fields.append(.contentType, literal: "application/grpc")
        return fields
    }()

    /// `grpc-status: 0` alone: the trailers of most answers, made once.
    static let okTrailers: HTTPFields = {
        var fields = HTTPFields()
        fields.append(RPCField.status, literal: "0")
        return fields
    }()

    /// Whether `content-type` is gRPC's with Protobuf messages: `application/grpc`, `application/grpc+proto`, either
    /// with parameters.
    static func isGRPC(_ fields: HTTPFields) -> Bool {
        fields.withValue(.contentType) { value in
            guard value.count >= 16 else { return false }
            for (byte, expected) in zip(value, "application/grpc".utf8) where byte | 0x20 != expected | 0x20 {
                return false
            }
            let rest = value.dropFirst(16).prefix { $0 != 0x3B }
            return rest.isEmpty || rest.elementsEqual("+proto".utf8)
        } ?? false
    }
}
