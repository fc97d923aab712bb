/// What one try of sending a batch came to.
enum SendResult: Sendable, Hashable {
    /// Taken by the receiver, except for this many.
    case accepted(rejected: Int, message: String)
    /// Never to be sent again: the receiver refused it for good.
    case refused(String)
    /// To be tried again.
    case failed(Failure)

    struct Failure: Sendable, Hashable {
        /// For people.
        var reason: String
        /// How long the receiver asked to be left alone.
        var retryAfter: Duration?
        /// Whether the receiver may have taken the batch although no good answer came.
        var mayHaveArrived: Bool
    }
}

/// Sends encoded batches over the transport, one try at a time.
struct OTLPSender: Sendable {
    let signal: OTLPSignal
    let endpoint: OTLPEndpoint
    let transport: any OTLPTransport

    /// One try, bounded by the endpoint's timeout and `limit`. Its spans are suppressed: an exporter that traced itself
    /// would never be done.
    func send(_ body: ExportBody, limit: Duration) async -> SendResult {
        let request = OTLPRequest(
            signal: self.signal, endpoint: self.endpoint, body: body.bytes,
            contentEncoding: body.isGzipped ? "gzip" : nil, timeout: min(self.endpoint.timeout, limit))
        var context = TelemetryContext()
        context.isSuppressed = true
        return await TelemetryContext.$current.withValue(context) { await self.attempt(request, body.count) }
    }

    /// Compresses a body where the endpoint asks for it and the transport can.
    func gzipped(_ bytes: [UInt8]) -> [UInt8]? {
        self.endpoint.compression == .gzip ? self.transport.gzip(bytes) : nil
    }

    private func attempt(_ request: OTLPRequest, _ count: Int) async -> SendResult {
        do {
            return self.result(of: try await self.transport.send(request), count)
        } catch let error as OTLPNotSent {
            return .failed(.init(reason: error.reason, mayHaveArrived: false))
        } catch {
            return .failed(.init(reason: String(describing: error), mayHaveArrived: true))
        }
    }

    /// Source: OTLP specification, "OTLP/HTTP response" and "Retryable response codes".
    private func result(of response: OTLPResponse, _ count: Int) -> SendResult {
        if (200..<300).contains(response.status) {
            let partial = PartialSuccess(response.body, signal: self.signal)
            return .accepted(rejected: min(count, max(0, partial.rejected)), message: partial.message)
        }
        let reason = "status \(response.status)"
        guard RetrySchedule.isRetryable(response.status) else { return .refused(reason) }
        // A proxy that gave up on the receiver, or had no good answer from it, cannot tell what the receiver did.
        let mayHaveArrived = response.status == 502 || response.status == 504
        return .failed(.init(reason: reason, retryAfter: response.retryAfter, mayHaveArrived: mayHaveArrived))
    }
}
