import HTTP2
import HTTPCore
import NetworkIO

/// One call on a connection of HTTP/2: it waits for the head of the answer, and the answer's body reads on from it.
final class HTTP2ClientStream: HTTP2Stream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: that of `HTTP2Stream`.

    private(set) var response: HTTPResponse?
    private(set) var length: Int?
    /// Why there is no answer, or no more of it.
    private(set) var failure: HTTPClientError.Reason?
    private(set) var isCancelled = false
    /// The call's request body; told when nobody wants more of it.
    var requestBody: (any HTTPBodyStream)?

    private var client: HTTP2ClientConnection { unsafeDowncast(self.connection, to: HTTP2ClientConnection.self) }
    var upstream: String { self.client.pool.upstream }

    // MARK: The head

    /// Waits for the answer's head and makes the answer of it.
    /// - Throws: `HTTPClientError`, or `CancellationError` when the calling task is cancelled.
    func awaitResponse() async throws -> HTTPResponse {
        await self.waitUnlessCancelled { self.response == nil }
        if self.isCancelled { throw CancellationError() }
        guard var response = self.response else { throw self.error }
        if self.isEnded, self.trailers == nil, let whole = self.takeWhole() {
            response.body = whole.isEmpty ? .empty : .bytes(whole)
        } else if self.failure != nil {
            throw self.error
        } else {
            response.body = .stream(HTTP2ResponseBodyStream(self), length: self.length)
        }
        return response
    }

    override func receive(response: HTTPResponse, length: Int?) {
        self.response = response
        self.length = length
        self.resumeReader()
    }

    /// Waits for something to happen while `condition` holds and the stream goes on. When the calling task is
    /// cancelled, the stream is.
    func waitUnlessCancelled(while condition: () -> Bool) async {
        guard condition(), self.failure == nil else { return }
        await withTaskCancellationHandler {
            while condition(), self.failure == nil, !self.isClosed { await self.waitForInbound() }
        } onCancel: {
            self.connection.loop.execute { self.cancel() }
        }
    }

    var error: HTTPClientError { HTTPClientError(self.failure ?? .incompleteResponse, upstream: self.upstream) }

    // MARK: End

    /// Nobody wants the answer any more.
    func cancel() {
        guard !self.isClosed, self.failure == nil else { return }
        self.isCancelled = true
        self.fail(.streamReset(.cancel))
    }

    override func deadlinePassed() { self.fail(.timedOut) }

    /// Ends the call without an answer, or without the rest of it, and lets the peer know.
    func fail(_ reason: HTTPClientError.Reason, telling code: HTTP2ErrorCode? = .cancel) {
        guard !self.isClosed, self.failure == nil else { return }
        self.failure = reason
        if let code {
            self.connection.session.reset(self.id, code)
            self.connection.scheduleFlush()
        }
        self.discard()
        self.resumeReader()
        self.endRequestBody()
    }

    override func close(_ code: HTTP2ErrorCode) {
        if !self.isEnded || self.response == nil, self.failure == nil {
            self.failure = code == .refusedStream ? .refused : .streamReset(code)
        }
        super.close(code)
        self.endRequestBody()
    }

    private func endRequestBody() {
        self.requestBody?.cancel()
        self.requestBody = nil
        self.resumeWriter()
    }

    /// Sends the request's body beside whatever the answer does.
    func send(requestBody body: any HTTPBodyStream, length: Int?) {
        self.requestBody = body
        _ = Task(executorPreference: self.connection.loop) {
            do {
                _ = try await self.send(body, length: length)
                self.requestBody = nil
            } catch {
                self.fail(.requestBody(error))
            }
        }
    }
}
