public import Protobuf

/// What an error says beside its code: a message of `google.rpc`, packed with the name of its type.
public typealias RPCErrorDetail = GoogleProtobuf.AnyMessage

extension RPCErrorDetail {
    /// The reason in a form that programs read.
    ///
    /// - Parameters:
    ///   - reason: In capitals: `OUT_OF_STOCK`.
    ///   - domain: Who defines the reason: `product.vitrine`.
    public static func errorInfo(reason: String, domain: String, metadata: [String: String] = [:]) -> RPCErrorDetail {
        RPCErrorDetail(packing: GoogleRPC.ErrorInfo(reason: reason, domain: domain, metadata: metadata))
    }

    /// How long to wait before another try.
    public static func retryInfo(_ delay: Duration) -> RPCErrorDetail {
        let (seconds, attoseconds) = delay.components
        let wire = GoogleProtobuf.Duration(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
        return RPCErrorDetail(packing: GoogleRPC.RetryInfo(retryDelay: wire))
    }

    /// Which fields of the request make no sense.
    public static func badRequest(_ violations: [GoogleRPC.BadRequest.FieldViolation]) -> RPCErrorDetail {
        RPCErrorDetail(packing: GoogleRPC.BadRequest(fieldViolations: violations))
    }

    /// What the system's state lacks.
    public static func preconditionFailure(_ violations: [GoogleRPC.PreconditionFailure.Violation]) -> RPCErrorDetail {
        RPCErrorDetail(packing: GoogleRPC.PreconditionFailure(violations: violations))
    }

    /// Which quota is used up.
    public static func quotaFailure(_ violations: [GoogleRPC.QuotaFailure.Violation]) -> RPCErrorDetail {
        RPCErrorDetail(packing: GoogleRPC.QuotaFailure(violations: violations))
    }
}

extension [RPCErrorDetail] {
    /// The first message of a type; nil where there is none that can be read: details help, and without them the code
    /// still says what happened.
    func first<Message: ProtobufMessage>(of type: Message.Type) -> Message? {
        for detail in self {
            if let message = (try? detail.unpacked(as: type)) ?? nil { return message }
        }
        return nil
    }

    /// What `RetryInfo` says, from 0 to a day, whatever a peer makes of it.
    var retryDelay: Duration? {
        guard let delay = self.first(of: GoogleRPC.RetryInfo.self)?.retryDelay else { return nil }
        let seconds = Swift.min(Swift.max(delay.seconds, 0), 86_400)
        return .seconds(seconds) + .nanoseconds(Int64(Swift.max(0, delay.nanos)))
    }
}
