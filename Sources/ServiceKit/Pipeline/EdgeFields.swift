import HTTPCore
import Telemetry

/// The fields with which every public answer can be followed: `traceparent`, `x-request-id`, `server-timing`.
enum EdgeFields {
    static func append(to fields: inout HTTPFields, request: HTTPRequest, span: SpanContext, nanoseconds: UInt64) {
        W3CPropagator.withTraceparent(span) { traceparent in
            fields.append(.traceparent, utf8: traceparent)
            // Without one of the client's own, the trace id serves: one id to search for instead of two. Its digits are
            // those behind the version.
            let kept: Void? = request.fields.withValue(.xRequestID) { fields.append(.xRequestID, utf8: $0) }
            if kept == nil { fields.append(.xRequestID, utf8: UnsafeBufferPointer(rebasing: traceparent[3..<35])) }
        }
        fields.append(.serverTiming, self.serverTiming(nanoseconds))
    }

    /// `total;dur=12.345`, in milliseconds (Server Timing, section 4).
    static func serverTiming(_ nanoseconds: UInt64) -> String {
        let microseconds = nanoseconds / 1_000
        let fraction = microseconds % 1_000
        let padding = fraction < 10 ? "00" : fraction < 100 ? "0" : ""
        return "total;dur=\(microseconds / 1_000).\(padding)\(fraction)"
    }
}
