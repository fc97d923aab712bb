import CSystem
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Synchronization
import Telemetry

/// Sends the requests of a run, measures them, and writes down how each ended.
final class LoadClient: Sendable {
    /// An answer that has arrived whole.
    struct Answer: Sendable {
        let outcome: LoadOutcome
        let body: [UInt8]

        var json: JSONValue? { try? JSONValue(parsing: self.body) }  // What is no JSON has no content of use.
        /// Whether the next step may go on from it.
        var isGood: Bool { self.outcome.kind == .succeeded || self.outcome.kind == .degraded }
    }

    /// Answers longer than this are not read to their end.
    private static let bodyBytesMax = 4 << 20

    let transport: any HTTPTransport
    private let gate: ConnectionGate
    private let fields: HTTPFields
    private let timeout: Duration
    private let book: Mutex<LoadBook>
    /// Nanoseconds of the monotonic clock at second 0.
    let start: UInt64
    let instruments: LoadInstruments?

    /// - Parameter instruments: nil where nobody scrapes.
    init(_ plan: LoadPlan, transport: any HTTPTransport, start: UInt64, instruments: LoadInstruments? = nil) {
        self.transport = transport
        self.gate = ConnectionGate(connections: plan.connectionsMax)
        self.timeout = plan.timeout
        self.book = Mutex(LoadBook(secondsKept: plan.secondsKept))
        self.start = start
        self.instruments = instruments
        var baggage = Baggage.empty.setting("user_agent.synthetic.type", "test")
        for (key, value) in plan.baggage.sorted(by: { $0.key < $1.key }) { baggage = baggage.setting(key, value) }
        var fields = HTTPFields()
        fields.append(.userAgent, LoadIdentity.userAgent)
        fields.append(.baggage, baggage.header)
        self.fields = fields
    }

    /// Takes a step.
    ///
    /// - Parameters:
    ///   - due: its intended start, from which its latency counts; nanoseconds of the monotonic clock.
    ///   - needs: what the journey goes on from; an answer of success without it has failed.
    /// - Returns: nil when there is no whole answer.
    func take(
        _ step: LoadStep, _ method: HTTPMethod, _ target: String, token: String? = nil, json: JSONWriter? = nil,
        idempotent: Bool = false, due: UInt64, needs: (JSONValue) -> Bool = { _ in true }, readsContent: Bool = false
    ) async -> Answer? {
        let context = SpanContext(traceID: .random(), spanID: .random(), flags: [.sampled, .random])
        var request = HTTPRequest(method, target, fields: self.fields)
        request.fields.append(.traceparent, W3CPropagator.traceparent(context))
        if let token { request.fields.append(.authorization, "Bearer \(token)") }
        if idempotent { request.fields.append(.idempotencyKey, context.traceID.description) }
        if let json {
            request.fields.append(.contentType, literal: "application/json")
            request.body = .bytes(json.bytes)
        }
        let begun = vitrine_monotonic_nanoseconds()
        self.book.withLock { $0.begin(step, lag: begun > due ? begun - due : 0) }
        let deadline = due &+ UInt64(self.timeout / .nanoseconds(1))
        let (sent, result) = await self.exchange(step, request, deadline: deadline)
        var outcome: LoadOutcome
        var answer: Answer?
        switch result {
        case .success(let whole):
            outcome = whole.outcome
            if readsContent, whole.isGood, !(whole.json.map(needs) ?? false) {
                outcome = .unanswered(.unusableContent)
            }
            answer = Answer(outcome: outcome, body: whole.body)
        case .failure(let reason):
            outcome = .unanswered(reason.reason)
        }
        let record = LoadRecord(
            step: step, outcome: outcome, due: due &- self.start, sent: sent.map { $0 &- self.start },
            ended: vitrine_monotonic_nanoseconds() &- self.start,
            traceID: outcome.isFailure ? context.traceID.description : "")
        self.book.withLock { $0.end(record) }
        self.instruments?.requestEnded(record, in: context)
        return answer
    }

    private struct Unanswered: Error { let reason: LoadOutcome.Reason }

    /// - Returns: when there was a connection, and what came of it.
    private func exchange(
        _ step: LoadStep, _ request: HTTPRequest, deadline: UInt64
    ) async -> (sent: UInt64?, Result<Answer, Unanswered>) {
        await self.gate.enter()
        defer { self.gate.leave() }
        let sent = vitrine_monotonic_nanoseconds()
        // A customer would have gone; the server is spared a request that nobody waits for.
        guard sent < deadline else { return (nil, .failure(Unanswered(reason: .timeout))) }
        do {
            let response = try await self.transport.send(
                request, deadline: .after(.nanoseconds(Int64(deadline - sent))))
            let body = try await response.body.collect(upTo: Self.bodyBytesMax)
            return (sent, .success(Answer(outcome: Self.outcome(step, response, body), body: body)))
        } catch {
            return (sent, .failure(Unanswered(reason: Self.reason(error))))
        }
    }

    // MARK: Reading an answer

    private static let warning = HTTPFieldName("warning")

    static func outcome(_ step: LoadStep, _ response: HTTPResponse, _ body: [UInt8]) -> LoadOutcome {
        let status = response.status.code
        if (200..<300).contains(status) {
            return Self.isDegraded(step, response, body) ? .degraded(status: status) : .succeeded(status: status)
        }
        guard status == 402 || status == 409, let refusal = Self.refusal(step, body) else {
            return .failed(status: status)
        }
        return .refused(refusal)
    }

    private static func isDegraded(_ step: LoadStep, _ response: HTTPResponse, _ body: [UInt8]) -> Bool {
        if response.fields.contains(Self.warning) { return true }
        guard step == .viewCart || step == .addToCart else { return false }
        return (try? JSONValue(parsing: body))?["degraded"]?.bool == true
    }

    private static func refusal(_ step: LoadStep, _ body: [UInt8]) -> LoadOutcome.Refusal? {
        switch ((try? JSONValue(parsing: body))?["type"]?.string, step) {
        case ("/problems/out-of-stock", .placeOrder): .outOfStock
        case ("/problems/payment-declined", .placeOrder): .paymentDeclined
        case ("/problems/request-in-progress", .placeOrder): .requestInProgress
        case ("/problems/cart-full", .addToCart): .cartFull
        case ("/problems/email-taken", .register): .emailTaken
        default: nil
        }
    }

    private static func reason(_ error: any Error) -> LoadOutcome.Reason {
        guard let error = error as? HTTPClientError else { return .invalidAnswer }
        switch error.reason {
        case .timedOut: return .timeout
        case .connect, .handshake, .resolve, .queueFull, .refused, .goneAway: return .connectFailed
        case .connectionLost, .streamReset: return .connectionLost
        case .incompleteResponse, .invalidResponse, .requestBody: return .invalidAnswer
        }
    }

    // MARK: The book

    func write<T: Sendable>(_ body: (inout LoadBook) -> T) -> T { self.book.withLock { body(&$0) } }

    /// Nanoseconds since the start.
    var elapsed: UInt64 { vitrine_monotonic_nanoseconds() &- self.start }
}
