import HTTPCore
import Protobuf

extension RPCError {
    /// Appends the status, its message, details and metadata.
    func append(to fields: inout HTTPFields) {
        fields.append(RPCField.status, decimal: self.code.rawValue)
        if !self.message.isEmpty {
            StatusMessageCoding.encode(self.message).withUnsafeBufferPointer {
                fields.append(RPCField.message, utf8: $0)
            }
        }
        if !self.details.isEmpty {
            let status = GoogleRPC.Status(
                code: Int32(self.code.rawValue), message: self.message, details: self.details)
            Base64.encode(status.bytes).withUnsafeBufferPointer { fields.append(RPCField.statusDetails, utf8: $0) }
        }
        // What another server sent beside its status is not ours to pass on.
        if !self.metadata.isReceived { fields.append(metadata: self.metadata) }
    }

    /// Reads what the trailers of a call say; nil for `OK`.
    ///
    /// - Parameters:
    ///   - trailers: The trailer section, or the head of an answer that has nothing else.
    ///   - httpStatus: Of HTTP, for an answer that says nothing itself.
    static func read(trailers: HTTPFields, httpStatus: HTTPStatus) -> RPCError? {
        guard let code = trailers.withValue(RPCField.status, { RPCCode(wire: $0) }) else {
            if httpStatus.code == 200 { return RPCError(.internal, "The answer ended without a status.") }
            return RPCError(
                RPCCode(httpStatus: httpStatus),
                "The answer has the HTTP status \(httpStatus.code) and no status of gRPC.",
                failureType: String(httpStatus.code))
        }
        guard code != .ok else { return nil }
        let message = trailers.withValue(RPCField.message) { StatusMessageCoding.decode($0) } ?? ""
        let packed = RPCMetadata.binaryValues(of: RPCField.statusDetails, in: trailers).first
        // Details help; without them, or with damaged ones, code and message still came.
        let status = packed.flatMap { try? GoogleRPC.Status(decoding: $0) }
        var error = RPCError(
            code, message, details: status?.details ?? [],
            metadata: RPCMetadata(received: trailers))
        // A negative number asks not to try again, which no delay says (gRPC, proposal A6).
        if let pushback = trailers[RPCField.retryPushback].flatMap({ Int64($0) }), pushback >= 0 {
            error.retryAfter = .milliseconds(pushback)
        }
        return error
    }
}

extension HTTPFields {
    /// Appends what is metadata, and nothing that is the protocol's.
    mutating func append(metadata: RPCMetadata) {
        guard !metadata.fields.isEmpty else { return }
        metadata.forEachField { self.append(nameBytes: $0, valueBytes: $1) }
    }
}
