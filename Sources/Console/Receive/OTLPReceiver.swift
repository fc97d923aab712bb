import Compression
import CSystem
public import HTTPCore
import JSON
import Protobuf
public import Telemetry

/// Takes telemetry over OTLP/HTTP: traces, logs and metrics, as JSON or Protobuf, gzip or not.
///
/// A body that cannot be read is answered 400 and not to be sent again; items that are no good are counted in
/// `partial_success` while the rest is taken. Answers are in the encoding of the request.
/// Source: OTLP specification 1.x, "OTLP/HTTP".
public struct OTLPReceiver: HTTPResponder {
    /// Of a request as it is sent, in bytes.
    public static let bodyBytesMax = 8 << 20
    /// Of a request once it is expanded.
    public static let expandedBytesMax = 32 << 20

    /// Objects and lists in one another: three for each of the lists and maps of a value that are kept, and more than
    /// the rest takes.
    static let depthMax = 100

    private let sink: any TelemetrySink
    private let instruments: ReceiverInstruments
    private let log: Logger

    /// - Parameter telemetry: counts, and makes no spans.
    public init(sink: any TelemetrySink, telemetry: Telemetry) {
        self.sink = sink
        self.instruments = ReceiverInstruments(telemetry.metrics)
        self.log = telemetry.log
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        if request.path == "/alerts" { return await self.takeAlerts(request) }
        guard let signal = ReceivedSignal(path: request.path) else {
            return Self.plain(.notFound, "POST to /v1/traces, /v1/logs or /v1/metrics.")
        }
        guard request.method == .post else {
            var answer = Self.plain(.methodNotAllowed, "POST to \(request.path).")
            answer.fields.append(.allow, "POST")
            return answer
        }
        guard let encoding = OTLPEncoding(request.fields[.contentType]) else {
            self.instruments.request(signal, .unsupported)
            return Self.plain(
                HTTPStatus(415), "The content type must be application/json or application/x-protobuf.")
        }
        do {
            let body = try await Self.body(request)
            let (admission, count) = try self.take(body, signal, encoding)
            self.instruments.request(signal, .taken)
            self.instruments.items(signal, taken: count, refused: admission.refused)
            return encoding.answer(signal, admission)
        } catch let refusal as ReceiveRefusal {
            self.instruments.request(signal, refusal.status == .badRequest ? .malformed : .unsupported)
            self.log.info("telemetry refused", [.errorMessage(refusal.reason)])
            return encoding.failure(refusal)
        } catch {
            // The sender broke off; nobody reads an answer.
            self.instruments.request(signal, .malformed)
            return encoding.failure(ReceiveRefusal(.badRequest, "\(error)"))
        }
    }

    /// What Alertmanager posts: each alert becomes a log record.
    private func takeAlerts(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.method == .post, OTLPEncoding(request.fields[.contentType]) == .json else {
            return Self.plain(HTTPStatus(415), "POST Alertmanager's notification as application/json.")
        }
        do {
            let body = try await Self.body(request)
            let logs = try AlertRecords.read(body, now: UInt64(vitrine_realtime_nanoseconds()))
            _ = self.sink.take(logs)
            self.instruments.items(.logs, taken: logs.count, refused: 0)
            return HTTPResponse(HTTPStatus(204), fields: .init(), body: .empty)
        } catch {
            let reason = (error as? ReceiveRefusal)?.reason ?? "\(error)"
            self.log.info("telemetry refused", [.errorMessage(reason)])
            return Self.plain(.badRequest, "This is no notification of Alertmanager: \(reason).")
        }
    }

    private static func plain(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status, fields: [.contentType: "text/plain; charset=utf-8"], body: .bytes(Array("\(text)\n".utf8)))
    }

    private static func body(_ request: HTTPRequest) async throws -> [UInt8] {
        let bytes: [UInt8]
        do { bytes = try await request.body.collect(upTo: self.bodyBytesMax) } catch is HTTPBodyError {
            throw ReceiveRefusal(.contentTooLarge, "the body has more than \(self.bodyBytesMax) bytes")
        }
        switch request.fields[.contentEncoding]?.lowercased() {
        case nil, "identity", "": return bytes
        case "gzip", "x-gzip":
            do { return try Gzip.expand(bytes, upTo: self.expandedBytesMax) } catch Gzip.ExpandError.tooLarge {
                throw ReceiveRefusal(
                    .contentTooLarge, "the body is more than \(self.expandedBytesMax) bytes once expanded")
            } catch {
                throw ReceiveRefusal(.badRequest, "the body is no gzip: \(error)")
            }
        case let other?: throw ReceiveRefusal(HTTPStatus(415), "content encoding '\(other.prefix(32))' is not known")
        }
    }

    /// - Returns: what became of it, and how many items were taken.
    private func take(
        _ body: [UInt8], _ signal: ReceivedSignal, _ encoding: OTLPEncoding
    ) throws -> (Admission, Int) {
        var intake = Intake()
        let admission: Admission
        let count: Int
        switch signal {
        case .traces:
            let spans = intake.spans(try encoding.read(body, OTLPJSON.traces))
            (admission, count) = (self.sink.take(spans), spans.count)
        case .logs:
            let now = vitrine_realtime_nanoseconds()
            let logs = intake.logs(try encoding.read(body, OTLPJSON.logs), now: UInt64(now))
            (admission, count) = (self.sink.take(logs), logs.count)
        case .metrics:
            let metrics = intake.metrics(try encoding.read(body, OTLPJSON.metrics))
            (admission, count) = (self.sink.take(metrics), metrics.count)
        }
        self.instruments.cut(intake.cut)
        let reason = intake.reason.isEmpty ? admission.reason : intake.reason
        return (
            Admission(refused: admission.refused + intake.refused, reason: reason), count - admission.refused
        )
    }
}

/// Why a request is not taken.
struct ReceiveRefusal: Error {
    let status: HTTPStatus
    let reason: String

    init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}

/// What is received.
package enum ReceivedSignal: String, MetricLabel {
    case traces, logs, metrics

    package static var labelName: String { "signal" }

    init?(path: String) {
        switch path {
        case "/v1/traces": self = .traces
        case "/v1/logs": self = .logs
        case "/v1/metrics": self = .metrics
        default: return nil
        }
    }

    /// The field of `partial_success`.
    var refusedField: String {
        switch self {
        case .traces: "rejectedSpans"
        case .logs: "rejectedLogRecords"
        case .metrics: "rejectedDataPoints"
        }
    }
}
