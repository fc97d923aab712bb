import CNghttp2
public import HTTPCore

extension HTTP2Session {
    // MARK: Client

    /// Opens a stream with a request. Its body is ignored here: with `hasBody` it is sent with `write` and `end`.
    /// - Parameters:
    ///   - authority: for a request that names none.
    ///   - length: the length of the content, where it is known.
    /// - Returns: nil when the connection takes no more streams.
    public func open(
        _ request: HTTPRequest, authority: String, length: Int?, hasBody: Bool
    ) -> HTTP2StreamID? {
        self.scratch.removeAll(keepingCapacity: true)
        self.scratch.append(contentsOf: request.method.name.utf8)
        let methodEnd = self.scratch.count
        self.scratch.append(contentsOf: request.scheme.utf8)
        let schemeEnd = self.scratch.count
        self.scratch.append(contentsOf: (request.authority ?? request.fields[.host] ?? authority).utf8)
        let authorityEnd = self.scratch.count
        self.scratch.append(contentsOf: request.path.utf8)
        if let query = request.query {
            self.scratch.append(0x3F)
            self.scratch.append(contentsOf: query.utf8)
        }
        let pathEnd = self.scratch.count
        if let length { self.scratch.append(contentsOf: "\(length)".utf8) }
        let body = hasBody ? HTTP2OutboundBody() : nil
        let id = unsafe self.scratch.withUnsafeBufferPointer { scratch in
            unsafe HTTP2FieldBlock.with(request.fields, excluding: .notInHTTP2Request) { block in
                unsafe block.append(":method", scratch, 0..<methodEnd)
                unsafe block.append(":scheme", scratch, methodEnd..<schemeEnd)
                unsafe block.append(":authority", scratch, schemeEnd..<authorityEnd)
                unsafe block.append(":path", scratch, authorityEnd..<pathEnd)
                if length != nil { unsafe block.append("content-length", scratch, pathEnd..<scratch.count) }
            } then: { block in
                unsafe Self.withProvider(of: body) { provider in
                    unsafe nghttp2_submit_request(self.pointer, nil, block.start, block.count, provider, nil)
                }
            }
        }
        guard id > 0 else { return nil }
        self.bodies[id] = body
        return id
    }

    /// Streams the peer lets us have open at once; 100 until it has said so.
    public var concurrentStreamsMax: Int {
        unsafe Int(nghttp2_session_get_remote_settings(self.pointer, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    // MARK: Server

    /// Answers a request. With `hasBody` the content is sent with `write` and `end`; without, the stream ends here.
    /// - Parameters:
    ///   - length: the `content-length` field, if there is to be one.
    ///   - date: the value of the `date` field; empty for none.
    public func respond(
        to id: HTTP2StreamID, _ status: HTTPStatus, _ fields: HTTPFields, length: Int?, date: [UInt8], hasBody: Bool
    ) {
        self.scratch.removeAll(keepingCapacity: true)
        self.appendStatus(status)
        let dateStart = self.scratch.count
        self.scratch.append(contentsOf: date)
        let dateEnd = self.scratch.count
        if let length { self.scratch.append(contentsOf: "\(length)".utf8) }
        let body = hasBody ? HTTP2OutboundBody() : nil
        self.bodies[id] = body
        let code = unsafe self.scratch.withUnsafeBufferPointer { scratch in
            unsafe HTTP2FieldBlock.with(fields, excluding: .notInHTTP2Response) { block in
                unsafe block.append(":status", scratch, 0..<dateStart)
                if dateEnd > dateStart { unsafe block.append("date", scratch, dateStart..<dateEnd) }
                if length != nil { unsafe block.append("content-length", scratch, dateEnd..<scratch.count) }
            } then: { block in
                unsafe Self.withProvider(of: body) { provider in
                    unsafe nghttp2_submit_response(self.pointer, id, block.start, block.count, provider)
                }
            }
        }
        if code != 0 { self.bodies[id] = nil }
    }

    /// An interim answer (RFC 9110, section 15.2).
    public func inform(_ id: HTTP2StreamID, _ status: HTTPStatus) {
        self.scratch.removeAll(keepingCapacity: true)
        self.appendStatus(status)
        _ = unsafe self.scratch.withUnsafeBufferPointer { scratch in
            unsafe HTTP2FieldBlock.with(HTTPFields(), excluding: .notInHTTP2Response) { block in
                unsafe block.append(":status", scratch, 0..<scratch.count)
            } then: { block in
                unsafe nghttp2_submit_headers(
                    self.pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, block.start, block.count, nil)
            }
        }
    }

    private func appendStatus(_ status: HTTPStatus) {
        let code = status.code
        self.scratch.append(UInt8(code / 100) + 0x30)
        self.scratch.append(UInt8(code / 10 % 10) + 0x30)
        self.scratch.append(UInt8(code % 10) + 0x30)
    }

    // MARK: Content

    /// Has content sent behind what is waiting, as the peer's windows allow.
    public func write(_ bytes: [UInt8], to id: HTTP2StreamID) {
        guard let body = self.bodies[id] else { return }
        body.append(bytes)
        self.resume(body, id)
    }

    /// Ends our side of the stream behind the content.
    public func end(_ id: HTTP2StreamID, trailers: HTTPFields? = nil) {
        guard let body = self.bodies[id] else { return }
        body.end(trailers: trailers)
        self.resume(body, id)
    }

    private func resume(_ body: HTTP2OutboundBody, _ id: HTTP2StreamID) {
        guard body.isDeferred else { return }
        body.isDeferred = false
        unsafe nghttp2_session_resume_data(self.pointer, id)
    }

    /// Content of the stream that waits to be sent.
    public func outboundCount(of id: HTTP2StreamID) -> Int { self.bodies[id]?.count ?? 0 }

    /// Asks for a `drained` event once no more than `mark` bytes of the stream wait.
    public func notify(_ id: HTTP2StreamID, below mark: Int) { self.bodies[id]?.mark = mark }

    /// Gives back the room that received content took, so that the peer may send as much again.
    public func consume(_ count: Int, of id: HTTP2StreamID) {
        guard count > 0 else { return }
        unsafe nghttp2_session_consume(self.pointer, id, count)
    }

    public func reset(_ id: HTTP2StreamID, _ code: HTTP2ErrorCode) {
        unsafe nghttp2_submit_rst_stream(self.pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
    }

    static func withProvider<R>(
        of body: HTTP2OutboundBody?, _ call: (UnsafePointer<nghttp2_data_provider>?) -> R
    ) -> R {
        guard let body else { return call(nil) }
        // Alive until `on_stream_close`, for `bodies` holds it till then.
        var provider = unsafe nghttp2_data_provider(
            source: nghttp2_data_source(ptr: Unmanaged.passUnretained(body).toOpaque()),
            read_callback: HTTP2Callbacks.read)
        return unsafe withUnsafePointer(to: &provider) { unsafe call($0) }
    }

    // MARK: Connection

    /// Asks the peer for a sign of life; `pong` tells of it.
    public func ping() {
        unsafe nghttp2_submit_ping(self.pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
    }

    /// Says that a GOAWAY is to come, without refusing a stream yet (RFC 9113, section 6.8).
    public func announceShutdown() { unsafe nghttp2_submit_shutdown_notice(self.pointer) }

    /// Takes no more streams; those that were begun go on.
    public func goAway(_ code: HTTP2ErrorCode = .noError) {
        unsafe nghttp2_submit_goaway(
            self.pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), nghttp2_session_get_last_proc_stream_id(self.pointer),
            code.rawValue, nil, 0)
    }

    /// Ends the connection: GOAWAY, and nothing else counts any more.
    public func terminate(_ code: HTTP2ErrorCode) {
        unsafe nghttp2_session_terminate_session(self.pointer, code.rawValue)
    }
}

extension HTTPFieldNameSet {
    /// Fields that a request in HTTP/2 has no use for or the session writes itself (RFC 9113, section 8.2.2).
    static let notInHTTP2Request = HTTPFieldNameSet([
        .connection, .contentLength, .host, .keepAlive, .proxyConnection, .transferEncoding, .upgrade, .http2Settings,
    ])
    static let notInHTTP2Response = HTTPFieldNameSet([
        .connection, .contentLength, .date, .keepAlive, .proxyConnection, .transferEncoding, .upgrade,
    ])
}
