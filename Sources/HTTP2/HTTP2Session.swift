import CNghttp2
import HTTPCore

/// One end of an HTTP/2 connection without the connection: it is fed the bytes that arrive, and gives events and the
/// bytes to send.
///
/// Owns an `nghttp2_session`, and is where every pointer of that library stays. Confined to whoever drives it: not
/// `Sendable`, and never entered from within its own calls. It knows no clock: `receive` is told the time.
@safe public final class HTTP2Session {
    public enum Role: Sendable, Hashable { case server, client }

    public let role: Role
    public let configuration: HTTP2Configuration
    /// Made in `init`, freed in `deinit`, and nowhere else.
    let pointer: OpaquePointer
    var events: [HTTP2Event] = []
    var head = HTTP2HeadBuilder()
    /// Streams with content to send.
    var bodies: [Int32: HTTP2OutboundBody] = [:]
    var budget: HTTP2FrameBudget
    var now: UInt64 = 0
    private(set) var hasFailed = false
    /// CONTINUATION frames of the present header block.
    var continuations = 0
    /// Fields are being received whose end has not come.
    public internal(set) var isReceivingHead = false
    /// Values of pseudo-header fields while a head is put together; kept for its memory.
    var scratch: [UInt8] = []

    /// Begins with the settings, and a client with the preface before them.
    public init(_ role: Role, configuration: HTTP2Configuration = .init()) {
        self.role = role
        self.configuration = configuration
        self.budget = HTTP2FrameBudget(configuration.budgets)
        unsafe self.pointer = Self.makePointer(role, configuration)
        // The callbacks find the session through this; it is valid as long as `pointer` is, which `deinit` frees.
        unsafe nghttp2_session_set_user_data(self.pointer, Unmanaged.passUnretained(self).toOpaque())
        self.submitSettings()
    }

    deinit { unsafe nghttp2_session_del(self.pointer) }

    private static func makePointer(_ role: Role, _ configuration: HTTP2Configuration) -> OpaquePointer {
        var option: OpaquePointer?
        var callbacks: OpaquePointer?
        var session: OpaquePointer?
        let made = unsafe nghttp2_option_new(&option) == 0 && nghttp2_session_callbacks_new(&callbacks) == 0
        // Memory that is not there for a few hundred bytes is not there for telling of it either.
        precondition(made, "no memory for an HTTP/2 session")
        unsafe nghttp2_option_set_no_auto_window_update(option, 1)
        unsafe nghttp2_option_set_no_closed_streams(option, 1)
        unsafe nghttp2_option_set_max_outbound_ack(option, configuration.outboundAcknowledgementsMax)
        unsafe nghttp2_option_set_max_settings(option, configuration.settingsEntriesMax)
        // nghttp2 counts a frame anew for each piece in which the 9 bytes of its header come; `continuations` does not.
        unsafe nghttp2_option_set_max_continuations(option, (configuration.continuationsMax + 1) * 9)
        unsafe nghttp2_option_set_max_deflate_dynamic_table_size(option, configuration.headerTableBytes)
        // Our own budget is counted by the time we are told, and tells; nghttp2's stays behind as a second one.
        unsafe nghttp2_option_set_stream_reset_rate_limit(
            option, UInt64(max(1, configuration.budgets.resets.burst)) * 4,
            UInt64(max(1, configuration.budgets.resets.perSecond)) * 4)
        unsafe HTTP2Callbacks.install(in: callbacks)
        let code =
            unsafe role == .server
            ? nghttp2_session_server_new2(&session, callbacks, nil, option)
            : nghttp2_session_client_new2(&session, callbacks, nil, option)
        unsafe nghttp2_session_callbacks_del(callbacks)
        unsafe nghttp2_option_del(option)
        guard code == 0, let session = unsafe session else { preconditionFailure("no memory for an HTTP/2 session") }
        return unsafe session
    }

    private func submitSettings() {
        let configuration = self.configuration
        var entries = [
            Self.entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, configuration.streamWindowBytes),
            Self.entry(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, configuration.frameBytesMax),
            Self.entry(NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, configuration.headerTableBytes),
            Self.entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, configuration.headerListBytesMax),
        ]
        switch self.role {
        case .server:
            entries.append(Self.entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, configuration.concurrentStreamsMax))
            // The priorities of RFC 7540 are a tree to keep and an attack to bear, and nobody uses them any more.
            entries.append(Self.entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1))
        case .client:
            entries.append(Self.entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
            entries.append(Self.entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0))
        }
        let code = unsafe entries.withUnsafeBufferPointer { entries in
            unsafe nghttp2_submit_settings(
                self.pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries.baseAddress, entries.count)
        }
        precondition(code == 0, "settings out of range: \(configuration)")
        unsafe nghttp2_session_set_local_window_size(
            self.pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(clamping: configuration.connectionWindowBytes))
    }

    private static func entry(_ identifier: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(identifier.rawValue), value: UInt32(clamping: value))
    }

    // MARK: Bytes

    /// Takes in bytes from the peer, all of them; what they mean is in the events then.
    /// - Parameter now: nanoseconds of the monotonic clock, for the budgets.
    public func receive(_ bytes: UnsafeRawBufferPointer, now: UInt64) {
        guard !self.hasFailed, unsafe !bytes.isEmpty else { return }
        self.now = now
        let count = unsafe nghttp2_session_mem_recv(
            self.pointer, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        if count < 0 {
            self.fail(Int32(count))
        } else if unsafe nghttp2_session_get_outbound_queue_size(self.pointer) > self.configuration.outboundFramesMax {
            self.calmDown(.outboundFlood)
        }
    }

    private func fail(_ code: Int32) {
        self.hasFailed = true
        if code == NGHTTP2_ERR_FLOODED.rawValue {
            self.events.append(.abused(.outboundFlood))
        } else {
            self.events.append(unsafe .failed(String(cString: nghttp2_strerror(code))))
        }
    }

    /// Appends bytes for the peer to `output` until there are none, or `output` has `mark` bytes or more.
    public func send(into output: inout [UInt8], upTo mark: Int) {
        while output.count < mark {
            var bytes: UnsafePointer<UInt8>?
            let count = unsafe nghttp2_session_mem_send(self.pointer, &bytes)
            if count < 0 {
                if !self.hasFailed { self.fail(Int32(count)) }
                return
            }
            guard count > 0 else { return }
            unsafe output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        }
    }

    /// Whether there are bytes to send that flow control lets go.
    public var wantsSend: Bool { unsafe nghttp2_session_want_write(self.pointer) != 0 }

    /// Whether nothing will be received or sent any more: the connection is to be closed.
    public var isFinished: Bool {
        unsafe self.hasFailed
            || nghttp2_session_want_read(self.pointer) == 0 && nghttp2_session_want_write(self.pointer) == 0
    }

    /// Moves the events so far to `target`, whose memory is kept for the next ones.
    public func takeEvents(into target: inout [HTTP2Event]) {
        target.removeAll(keepingCapacity: true)
        swap(&self.events, &target)
    }

    public var hasEvents: Bool { !self.events.isEmpty }

    // MARK: Abuse

    /// Takes a token of the budget for `kind`, and ends the connection when there is none.
    func count(_ kind: HTTP2Abuse) {
        if !self.budget.take(kind, at: self.now) { self.calmDown(kind) }
    }

    private(set) var isAbused = false

    func calmDown(_ kind: HTTP2Abuse) {
        guard !self.isAbused else { return }
        self.isAbused = true
        self.events.append(.abused(kind))
        self.terminate(.enhanceYourCalm)
    }
}
