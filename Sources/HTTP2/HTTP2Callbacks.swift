import CNghttp2
import HTTPCore

/// What nghttp2 calls while it takes in or gives out bytes. Each finds its session and goes on there.
enum HTTP2Callbacks {
    static func install(in callbacks: OpaquePointer?) {
        unsafe nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, user in
            guard let header = unsafe header, let session = unsafe Self.session(user) else { return 0 }
            return unsafe session.beginFrame(header.pointee)
        }
        unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
            guard let frame = unsafe frame, let session = unsafe Self.session(user) else { return 0 }
            let isTrailer = unsafe frame.pointee.headers.cat == NGHTTP2_HCAT_HEADERS
            session.isReceivingHead = true
            unsafe session.head.begin(frame.pointee.hd.stream_id, isTrailer: isTrailer)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, _, name, nameCount, value, count, _, user in
            guard let session = unsafe Self.session(user) else { return 0 }
            unsafe session.head.add(
                UnsafeBufferPointer(start: name, count: nameCount), UnsafeBufferPointer(start: value, count: count),
                limits: session.configuration)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks) { _, _, _, _, _, _, _, _ in
            // Without this nghttp2 would pass the field over; a message with such a field is malformed
            // (RFC 9113, section 8.2.1).
            NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
        }
        unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
            guard let frame = unsafe frame, let session = unsafe Self.session(user) else { return 0 }
            unsafe session.received(frame)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks) { _, frame, code, user in
            guard let frame = unsafe frame, let session = unsafe Self.session(user) else { return 0 }
            unsafe session.receivedInvalid(frame.pointee.hd, code)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, bytes, count, user in
            guard count > 0, let session = unsafe Self.session(user) else { return 0 }
            unsafe session.events.append(.data(id, Array(UnsafeBufferPointer(start: bytes, count: count))))
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, user in
            guard let session = unsafe Self.session(user) else { return 0 }
            session.streamClosed(id, HTTP2ErrorCode(rawValue: code))
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
            guard let frame = unsafe frame, let session = unsafe Self.session(user) else { return 0 }
            unsafe session.sent(frame.pointee.hd)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks) { _, frame, _, user in
            guard let frame = unsafe frame, let session = unsafe Self.session(user) else { return 0 }
            let isRequest =
                unsafe frame.pointee.hd.type == UInt8(NGHTTP2_HEADERS.rawValue)
                && frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
            // The connection had no room for it any more: nghttp2 does not count it as a stream that ended.
            if isRequest { unsafe session.streamClosed(frame.pointee.hd.stream_id, .refusedStream) }
            return 0
        }
    }

    private static func session(_ user: UnsafeMutableRawPointer?) -> HTTP2Session? {
        guard let user = unsafe user else { return nil }
        // Set in `init` of the session that is being called.
        return unsafe Unmanaged<HTTP2Session>.fromOpaque(user).takeUnretainedValue()
    }

    /// Moves content of a stream into a DATA frame.
    static let read: nghttp2_data_source_read_callback = { pointer, id, buffer, count, flags, source, user in
        guard let source = unsafe source, let buffer = unsafe buffer, let flags = unsafe flags,
            let owner = unsafe source.pointee.ptr, let session = unsafe Self.session(user)
        else { return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue) }
        let body = unsafe Unmanaged<HTTP2OutboundBody>.fromOpaque(owner).takeUnretainedValue()
        let moved = unsafe body.move(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
        if body.count <= body.mark {
            body.mark = -1
            session.events.append(.drained(id))
        }
        guard body.count == 0 else { return moved }
        guard body.isEnded else {
            if moved > 0 { return moved }
            body.isDeferred = true
            return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        }
        unsafe flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
        if let trailers = body.trailers {
            unsafe flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue)
            session.submitTrailers(trailers, to: id)
        }
        return moved
    }
}

extension HTTP2Session {
    func submitTrailers(_ trailers: HTTPFields, to id: Int32) {
        let trailers = trailers.removingForbiddenInTrailers()
        _ = unsafe HTTP2FieldBlock.with(trailers, excluding: .notInHTTP2Response) { _ in
        } then: { block in
            unsafe nghttp2_submit_trailer(self.pointer, id, block.start, block.count)
        }
    }

    func beginFrame(_ header: nghttp2_frame_hd) -> Int32 {
        // Whatever became of the last head, it is over; only CONTINUATION goes on with it.
        if header.type != UInt8(NGHTTP2_CONTINUATION.rawValue) { self.isReceivingHead = false }
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue: self.continuations = 0
        case NGHTTP2_CONTINUATION.rawValue:
            self.continuations += 1
            if self.continuations > self.configuration.continuationsMax { self.calmDown(.continuationFlood) }
        case NGHTTP2_RST_STREAM.rawValue: self.count(.rapidReset)
        case NGHTTP2_SETTINGS.rawValue: self.count(.settingsFlood)
        case NGHTTP2_PING.rawValue: self.count(.pingFlood)
        case NGHTTP2_WINDOW_UPDATE.rawValue: self.count(.windowUpdateFlood)
        case NGHTTP2_PRIORITY.rawValue, NGHTTP2_PRIORITY_UPDATE.rawValue: self.count(.priorityFlood)
        default: break
        }
        return 0
    }

    func received(_ frame: UnsafePointer<nghttp2_frame>) {
        guard !self.isAbused else { return }
        let header = unsafe frame.pointee.hd
        let isLast = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue:
            if isLast {
                self.events.append(.end(header.stream_id))
            } else if unsafe header.length <= frame.pointee.data.padlen {
                self.count(.emptyDataFlood)
            }
        case NGHTTP2_HEADERS.rawValue:
            self.isReceivingHead = false
            unsafe self.receivedHead(header.stream_id, frame.pointee.headers.cat, isLast: isLast)
        case NGHTTP2_SETTINGS.rawValue:
            if header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0 { self.events.append(.settings) }
        case NGHTTP2_PING.rawValue:
            if header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0 { self.events.append(.pong) }
        case NGHTTP2_GOAWAY.rawValue:
            let goAway = unsafe frame.pointee.goaway
            self.events.append(
                .goAway(last: unsafe goAway.last_stream_id, HTTP2ErrorCode(rawValue: unsafe goAway.error_code)))
        default: break
        }
    }

    private func receivedHead(_ id: Int32, _ category: nghttp2_headers_category, isLast: Bool) {
        switch (category, self.role) {
        case (NGHTTP2_HCAT_REQUEST, .server):
            switch self.head.makeRequest(limits: self.configuration) {
            case .success(let request):
                self.events.append(.request(id, request, length: self.head.length, isLast: isLast))
            case .failure(let error): self.events.append(.malformed(id, error))
            }
        // A final answer behind interim ones comes in the category of trailers, but with a status.
        case (_, .client) where category == NGHTTP2_HCAT_RESPONSE || self.head.status != 0:
            // An interim answer is not an answer.
            if (100..<200).contains(self.head.status) { return }
            switch self.head.makeResponse() {
            case .success(let response):
                self.events.append(.response(id, response, length: self.head.length, isLast: isLast))
            case .failure(let error): self.malformed(id, error)
            }
        default:
            switch self.head.makeTrailers(in: self.role == .server ? .request : .response) {
            case .success(let trailers):
                if !trailers.isEmpty { self.events.append(.trailers(id, trailers)) }
                if isLast { self.events.append(.end(id)) }
            case .failure(let error): self.malformed(id, error)
            }
        }
    }

    private func malformed(_ id: Int32, _ error: HTTP1Error) {
        self.reset(id, .protocolError)
        self.events.append(.malformed(id, error))
    }

    func receivedInvalid(_ header: nghttp2_frame_hd, _ code: Int32) {
        self.isReceivingHead = false
        self.events.append(unsafe .faulted(header.stream_id, String(cString: nghttp2_strerror(code))))
        // It costs a stream reset of ours, however the peer brought it about.
        self.count(.rapidReset)
    }

    func sent(_ header: nghttp2_frame_hd) {
        let isData = header.type == UInt8(NGHTTP2_DATA.rawValue)
        let isHeaders = header.type == UInt8(NGHTTP2_HEADERS.rawValue)
        if isData { self.budget.sentData() }
        if isData || isHeaders { self.budget.sentContent() }
        guard self.role == .server, isData || isHeaders,
            header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        else { return }
        // The answer is complete and the request is not: nobody is going to read the rest (RFC 9113, section 8.1).
        if unsafe nghttp2_session_get_stream_remote_close(self.pointer, header.stream_id) == 0 {
            self.reset(header.stream_id, .noError)
        }
    }

    func streamClosed(_ id: Int32, _ code: HTTP2ErrorCode) {
        self.bodies[id] = nil
        if self.head.stream == id { self.isReceivingHead = false }
        self.events.append(.closed(id, code))
    }
}
