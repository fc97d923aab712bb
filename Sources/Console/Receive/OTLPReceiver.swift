import Compression
import CSystem
public import HTTPCore
import NetworkIO
public import Telemetry

/// Takes telemetry over OTLP/HTTP: traces, logs and metrics, as JSON or Protobuf, gzip or not.
///
/// A body that cannot be read is answered 400 and is not to be sent again; items that are no good are counted in
/// `partialSuccess` while the rest is taken; 429 and 503 ask to come again later. Answers are in the encoding of the
/// request, those to a type that is not known in JSON.
///
/// It makes no spans, and none begins under it: what it recorded would come back to it.
/// Source: OTLP specification 1.x, "OTLP/HTTP".
public struct OTLPReceiver: HTTPResponder {
    private let sink: any TelemetrySink
    private let limits: OTLPLimits
    private let instruments: ReceiverInstruments
    private let log: Logger
    private let room: RequestRoom
    private let now: @Sendable () -> UInt64
    /// Where bodies are read that take a while: the largest holds a thread for half a second, and the loop that it came
    /// in on answers the page besides.
    private let decoding: BlockingExecutor

    /// Bytes of a body that is read at once, if it is not compressed.
    private static let smallBodyMax = 16 << 10

    /// - Parameters:
    ///   - telemetry: counts requests and items, and logs why a request was not taken.
    public init(sink: any TelemetrySink, telemetry: Telemetry, limits: OTLPLimits = OTLPLimits()) {
        self.init(sink: sink, telemetry: telemetry, limits: limits) { UInt64(vitrine_realtime_nanoseconds()) }
    }

    /// With the time in the hands of a test.
    ///
    /// - Parameter now: nanoseconds since 1970.
    package init(
        sink: any TelemetrySink, telemetry: Telemetry, limits: OTLPLimits, now: @escaping @Sendable () -> UInt64
    ) {
        self.sink = sink
        self.limits = limits
        self.instruments = ReceiverInstruments(telemetry.metrics)
        self.log = telemetry.log
        self.room = RequestRoom(limits.requestsMax)
        self.now = now
        self.decoding = BlockingExecutor(name: "decoding", threads: 1, queueLimit: limits.requestsMax + 1)
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        var context = TelemetryContext()
        context.isSuppressed = true
        return await TelemetryContext.$current.withValue(context) { await self.answer(request) }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        // No sender of telemetry is a page of a web site, whatever name that site has given this machine.
        if request.fields.contains(.origin) || request.fields.contains("sec-fetch-site") {
            return HTTPResponse(.forbidden, fields: .init(), body: .empty)
        }
        if request.path == "/alerts" { return await self.takeAlerts(request) }
        let encoding = OTLPEncoding(contentType: request.fields[.contentType])
        guard let signal = ReceivedSignal(path: request.path) else {
            return OTLPReply.failed(.noSuchPath(), encoding ?? .json)
        }
        do throws(OTLPFailure) {
            guard request.method == .post else { throw .notPost() }
            guard let encoding else { throw .unknownType() }
            return try await self.take(request, signal, encoding)
        } catch {
            self.instruments.request(signal, encoding, .init(error))
            // A sender that is told to come again is no fault of anybody's.
            if error.code == 3 { self.log.info("telemetry refused", [.errorMessage(error.message)]) }
            return OTLPReply.failed(error, encoding ?? .json)
        }
    }

    private func take(
        _ request: HTTPRequest, _ signal: ReceivedSignal, _ encoding: OTLPEncoding
    ) async throws(OTLPFailure) -> HTTPResponse {
        guard self.room.enter() else { throw .tooManyRequests(self.limits.requestsMax) }
        defer { self.room.leave() }
        let body = try await self.body(of: request)
        let (count, intake) = try await self.read(body, signal, encoding)
        let refused = intake.refusedCount
        self.instruments.request(signal, encoding, refused == 0 ? .taken : .partial)
        self.instruments.items(signal, accepted: count, intake)
        return OTLPReply.taken(signal, refused: refused, intake.explanation(signal), encoding)
    }

    private func read(
        _ body: Body, _ signal: ReceivedSignal, _ encoding: OTLPEncoding
    ) async throws(OTLPFailure) -> (Int, OTLPIntake) {
        guard body.isGzip || body.bytes.count > Self.smallBodyMax else {
            return try self.decode(body, signal, encoding)
        }
        do {
            return try await self.decoding.run { try self.decode(body, signal, encoding) }
        } catch let failure as OTLPFailure {
            throw failure
        } catch {
            throw .tooManyRequests(self.limits.requestsMax)
        }
    }

    private func decode(
        _ body: Body, _ signal: ReceivedSignal, _ encoding: OTLPEncoding
    ) throws(OTLPFailure) -> (Int, OTLPIntake) {
        let bytes = try self.plain(body)
        var intake = OTLPIntake(self.limits, now: self.now())
        let count =
            switch signal {
            case .traces: try self.hand(bytes, encoding, &intake, self.sink.take(_:) as ([ReceivedSpan]) -> Admission)
            case .logs: try self.hand(bytes, encoding, &intake, self.sink.take(_:) as ([ReceivedLog]) -> Admission)
            case .metrics:
                try self.hand(bytes, encoding, &intake, self.sink.take(_:) as ([ReceivedMetric]) -> Admission)
            }
        return (count, intake)
    }

    /// What Alertmanager posts: each alert becomes a log record.
    private func takeAlerts(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(OTLPFailure) {
            guard request.method == .post else { throw .notPost() }
            guard OTLPEncoding(contentType: request.fields[.contentType]) == .json else { throw .unknownType() }
            guard self.room.enter() else { throw .tooManyRequests(self.limits.requestsMax) }
            defer { self.room.leave() }
            let body = try self.plain(try await self.body(of: request))
            let logs = try AlertRecords.read(body, now: self.now())
            _ = self.sink.take(logs)
            return HTTPResponse(.noContent, fields: .init(), body: .empty)
        } catch {
            if error.code == 3 { self.log.info("telemetry refused", [.errorMessage(error.message)]) }
            return OTLPReply.failed(error, .json)
        }
    }

    /// Reads a body and hands what it holds to the sink.
    ///
    /// - Returns: how many items the sink kept.
    private func hand<Item: OTLPItem>(
        _ body: [UInt8], _ encoding: OTLPEncoding, _ intake: inout OTLPIntake, _ take: ([Item]) -> Admission
    ) throws(OTLPFailure) -> Int {
        let items: [Item]
        do { items = try encoding.read(body, &intake) } catch { throw OTLPFailure(error) }
        guard !items.isEmpty else { return 0 }
        let admission = take(items)
        if let seconds = admission.retryAfterSeconds {
            throw .overloaded(admission.reason, retryAfterSeconds: seconds)
        }
        let refused = min(max(0, admission.refused), items.count)
        if refused > 0 { intake.refuse(bySink: refused, admission.reason) }
        return items.count - refused
    }

    /// As it was sent.
    private struct Body: Sendable {
        let bytes: [UInt8]
        let isGzip: Bool
    }

    private func plain(_ body: Body) throws(OTLPFailure) -> [UInt8] {
        body.isGzip ? try self.expand(body.bytes) : body.bytes
    }

    private func body(of request: HTTPRequest) async throws(OTLPFailure) -> Body {
        let isGzip: Bool
        switch request.fields.combined(.contentEncoding)?.lowercased() {
        case nil, "", "identity": isGzip = false
        // RFC 9110, section 8.4.1.3.
        case "gzip", "x-gzip": isGzip = true
        default: throw .unknownCoding()
        }
        let bytes: [UInt8]
        do {
            var body = request.body
            if case .stream(let stream, let length) = body {
                let end = self.now() &+ self.limits.bodyNanosecondsMax
                body = .stream(TimedBody(stream, until: end, now: self.now), length: length)
            }
            bytes = try await body.collect(upTo: self.limits.bodyBytesMax)
        } catch is TimedBody.TooSlow {
            throw .overloaded("the body came too slowly", retryAfterSeconds: 1)
        } catch is HTTPBodyError {
            throw .tooLarge("the body has more than \(self.limits.bodyBytesMax) bytes")
        } catch {
            // The sender broke off; nobody reads this.
            throw .malformed("the body is not complete")
        }
        return Body(bytes: bytes, isGzip: isGzip)
    }

    private func expand(_ bytes: [UInt8]) throws(OTLPFailure) -> [UInt8] {
        do { return try Gzip.expand(bytes, upTo: self.limits.expandedBytesMax) } catch {
            switch error {
            case .tooLarge:
                throw .tooLarge("the body has more than \(self.limits.expandedBytesMax) bytes once expanded")
            case .malformed: throw .malformed("the body is no gzip, damaged or cut short")
            }
        }
    }
}
