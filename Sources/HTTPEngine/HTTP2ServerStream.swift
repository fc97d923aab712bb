import HTTP2
import HTTPCore
import NetworkIO

/// One request of an HTTP/2 connection and its answer.
final class HTTP2ServerStream: HTTP2Stream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: that of `HTTP2Stream`.

    var request: HTTPRequest?
    /// What `content-length` says.
    var length: Int?
    /// Whether its body is a series of messages that are answered as they come.
    var isConversation = false
    /// The rule the request broke, once it has.
    var refusal: HTTPRefusal?
    var task: Task<Void, Never>?

    private var server: HTTP2ServerConnection { unsafeDowncast(self.connection, to: HTTP2ServerConnection.self) }
    private var core: ServerCore { self.server.core }

    // MARK: Answering

    func serve() async {
        let most = self.configuration.bodyBytesMax
        if self.receivedCount > most, self.refusal == nil, !self.isConversation {
            self.refusal = .contentTooLarge(most)
        }
        guard let request = self.request, self.refusal == nil else { return self.refuse() }
        let body = self.makeBody()
        self.request = nil
        var whole = request
        whole.body = body
        let response = await self.core.responder.respond(to: whole)
        if self.isClosed {
            if case .stream(let stream, _) = response.body { stream.cancel() }
            return
        }
        // The body broke off while it was read and the responder did not notice: a success would be a lie. An answer whose
        // status stands elsewhere, as gRPC's does, has noticed.
        if self.refusal != nil, response.status.code < 400, !response.fields.contains(Self.ownStatus) {
            if case .stream(let stream, _) = response.body { stream.cancel() }
            return self.refuse()
        }
        if response.isAborted {
            if case .stream(let stream, _) = response.body { stream.cancel() }
            // As a connection reset is to HTTP/1.1; the other streams have nothing to do with it.
            self.session.reset(self.id, .internalError)
            return self.connection.scheduleFlush()
        }
        await self.write(response, isHead: request.method == .head)
        self.discard()
    }

    /// A body that has arrived whole is handed over as bytes; only a longer one is streamed.
    private func makeBody() -> HTTPBody {
        if self.isEnded, self.trailers == nil, let whole = self.takeWhole() {
            return whole.isEmpty ? .empty : .bytes(whole)
        }
        return .stream(HTTP2RequestBodyStream(self), length: self.length)
    }

    private func refuse() {
        guard !self.isClosed, let refusal = self.refusal else { return }
        let response = self.core.observer.messageRefused(refusal, remoteAddress: self.server.remoteAddress)
        guard case .bytes(let bytes) = response.body else { return self.answerEmpty(response, length: nil) }
        self.answer(response, bytes)
        self.discard()
    }

    private func write(_ response: HTTPResponse, isHead: Bool) async {
        let forbidden = response.status.forbidsBody
        switch response.body {
        case .empty:
            // An answer to HEAD without a body at hand has the length that its fields say, if any.
            self.answerEmpty(response, length: forbidden || isHead ? nil : 0)
        case .bytes(let bytes):
            if isHead || forbidden || bytes.isEmpty {
                self.answerEmpty(response, length: forbidden ? nil : bytes.count)
            } else {
                self.answer(response, bytes)
            }
        case .stream(let stream, let length):
            if isHead || forbidden {
                stream.cancel()
                return self.answerEmpty(response, length: forbidden ? nil : length)
            }
            await self.answer(response, stream, length: length)
        }
    }

    private func answerEmpty(_ response: HTTPResponse, length: Int?) {
        self.session.respond(
            to: self.id, response.status, response.fields, length: length, date: HTTPDateCache.value(), hasBody: false)
        self.connection.scheduleFlush()
    }

    private func answer(_ response: HTTPResponse, _ bytes: [UInt8]) {
        self.session.respond(
            to: self.id, response.status, response.fields, length: bytes.count, date: HTTPDateCache.value(),
            hasBody: true)
        self.session.write(bytes, to: self.id)
        self.session.end(self.id)
        self.connection.scheduleFlush()
    }

    private func answer(_ response: HTTPResponse, _ stream: any HTTPBodyStream, length: Int?) async {
        self.session.respond(
            to: self.id, response.status, response.fields, length: length, date: HTTPDateCache.value(), hasBody: true)
        self.connection.scheduleFlush()
        do {
            if try await !self.send(stream, length: length) { stream.cancel() }
        } catch {
            // The head is out: the only honest way to say "not complete" is to reset the stream.
            stream.cancel()
            if !self.isClosed { self.session.reset(self.id, .internalError) }
            self.connection.scheduleFlush()
        }
    }

    private static let ownStatus: HTTPFieldName = "grpc-status"

    private var session: HTTP2Session { self.connection.session }

    // MARK: Reading

    /// Asks for the content that a client holds back (RFC 9110, section 10.1.1).
    func sendContinue() {
        self.session.inform(self.id, 100)
        self.connection.scheduleFlush()
    }

    func peerIsSlow() {
        self.core.observer.peerTimedOut("body", remoteAddress: self.server.remoteAddress)
    }

    var configuration: HTTPServerConfiguration { self.core.configuration }

    // MARK: End

    /// The wait for a part of the body is over; its reader finds the deadline gone.
    override func deadlinePassed() { self.resumeReader() }

    override func close(_ code: HTTP2ErrorCode) {
        super.close(code)
        self.task?.cancel()
    }
}
