import HTTPCore
package import Telemetry

/// Every metric of the receiver.
package enum ReceiverMetrics {
    package enum Encoding: String, MetricLabel {
        case json, protobuf
        /// A content type that is not taken.
        case unknown

        package static var labelName: String { "encoding" }

        init(_ encoding: OTLPEncoding?) {
            switch encoding {
            case .json: self = .json
            case .protobuf: self = .protobuf
            case nil: self = .unknown
            }
        }
    }

    /// What became of a request.
    package enum Outcome: String, MetricLabel {
        case taken
        /// Taken in part.
        case partial
        /// It could not be read, or broke off.
        case malformed
        /// Of a type, a coding or a method that is not taken.
        case unsupported
        case tooLarge = "too_large"
        /// To come again later.
        case overloaded

        package static var labelName: String { "outcome" }

        init(_ failure: OTLPFailure) {
            switch failure.status {
            case .badRequest: self = .malformed
            case .contentTooLarge: self = .tooLarge
            case .tooManyRequests, .serviceUnavailable: self = .overloaded
            default: self = .unsupported
            }
        }
    }

    package static let requests = CounterDescriptor<LabelTriple<ReceivedSignal, Encoding, Outcome>>(
        "shop.console.requests", unit: .count("request"), help: "Requests of OTLP that came in, by what became of them."
    )
    package static let accepted = CounterDescriptor<ReceivedSignal>(
        "shop.console.items.accepted", unit: .count("item"),
        help: "Spans, log records and metric points that were taken.")
    package static let refused = CounterDescriptor<LabelPair<ReceivedSignal, OTLPRefusal>>(
        "shop.console.items.refused", unit: .count("item"),
        help: "Spans, log records and metric points that were refused for good, by reason.")
    package static let cut = CounterDescriptor<LabelPair<ReceivedSignal, OTLPCut>>(
        "shop.console.cut", unit: .count("part"),
        help: "What was left out of items that were taken because there was too much of it.")
}
