/// Sends one encoded batch over the transport, again while it is worth it.
struct OTLPSender: Sendable {
    let signal: OTLPSignal
    let endpoint: OTLPEndpoint
    let transport: any OTLPTransport
    let timer: ExportTimer

    private enum Answer: Sendable {
        case response(OTLPResponse)
        case nothing(String)
    }

    /// Tries until an answer is final or `deadline`, an instant of the timer, would pass.
    func send(_ body: [UInt8], count: Int, deadline: Duration) async -> ExportOutcome {
        let request = OTLPRequest(signal: self.signal, endpoint: self.endpoint, body: body)
        var schedule = RetrySchedule()
        while true {
            let answer = await self.attempt(
                request, timeout: min(self.endpoint.timeout, deadline - self.timer.elapsed()))
            var retryAfter: Duration?
            var reason: String
            switch answer {
            case .response(let response):
                if (200..<300).contains(response.status) { return self.accepted(response, of: count) }
                reason = "status \(response.status)"
                guard RetrySchedule.isRetryable(response.status) else { return .failed(reason) }
                retryAfter = response.retryAfter
            case .nothing(let why): reason = why
            }
            if Task.isCancelled { return ExportOutcome(wasInterrupted: true) }
            let remaining = deadline - self.timer.elapsed()
            let jitter = Double.random(in: 0...1)
            guard let wait = schedule.next(retryAfter: retryAfter, remaining: remaining, jitter: jitter) else {
                return .failed(reason)
            }
            do { try await self.timer.sleep(wait) } catch { return ExportOutcome(wasInterrupted: true) }
        }
    }

    /// One try. Its spans are suppressed: an exporter that traced itself would never be done.
    private func attempt(_ request: OTLPRequest, timeout: Duration) async -> Answer {
        var context = TelemetryContext()
        context.isSuppressed = true
        return await TelemetryContext.$current.withValue(context) {
            await withTaskGroup(of: Answer?.self) { group in
                group.addTask {
                    do { return .response(try await self.transport.send(request)) } catch {
                        return .nothing(String(describing: error))
                    }
                }
                group.addTask {
                    do { try await self.timer.sleep(timeout) } catch { return nil }
                    return .nothing("no answer within \(timeout)")
                }
                var answer: Answer?
                while answer == nil, let next = await group.next() { answer = next }
                group.cancelAll()
                return answer ?? .nothing("cancelled")
            }
        }
    }

    /// A success may be partial: what was rejected must not be sent again (OTLP specification, "Partial success").
    private func accepted(_ response: OTLPResponse, of count: Int) -> ExportOutcome {
        let rejected = min(count, max(0, PartialSuccess.rejectedCount(response.body, signal: self.signal)))
        let failure = rejected > 0 ? "the receiver rejected \(rejected) of \(count)" : ""
        return ExportOutcome(exported: count - rejected, rejected: rejected, failure: failure)
    }
}
