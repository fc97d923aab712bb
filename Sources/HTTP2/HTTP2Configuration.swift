/// The bounds of one HTTP/2 connection, which both ends of it have.
public struct HTTP2Configuration: Sendable {
    /// Streams the peer may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS); 128. A client takes none.
    public var concurrentStreamsMax = 128
    /// Bytes the peer may send on one stream before the consumer takes any (SETTINGS_INITIAL_WINDOW_SIZE); 256 KiB.
    public var streamWindowBytes = 256 << 10
    /// Bytes the peer may send on all streams together before any are taken; also what the connection buffers at most.
    /// 1 MiB.
    public var connectionWindowBytes = 1 << 20
    /// The largest frame accepted (SETTINGS_MAX_FRAME_SIZE), from 16,384, the default, to 16,777,215.
    public var frameBytesMax = 16_384
    /// The table that the peer's header compression may fill (SETTINGS_HEADER_TABLE_SIZE), and the most that our own
    /// uses of the peer's; 4,096.
    public var headerTableBytes = 4_096
    /// A header or trailer list, counted as RFC 9113, section 6.5.2 does: each name and value and 32 more. 16 KiB.
    public var headerListBytesMax = 16 << 10
    /// Fields in a header or trailer list; 100.
    public var fieldsMax = 100
    /// CONTINUATION frames behind one HEADERS frame; 8.
    public var continuationsMax = 8
    /// Answers to SETTINGS and PING that may wait because the peer does not read; 128.
    public var outboundAcknowledgementsMax = 128
    /// Frames other than DATA that may wait because the peer does not read; 2,048.
    public var outboundFramesMax = 2_048
    /// Entries of one SETTINGS frame; 32.
    public var settingsEntriesMax = 32
    /// How often a peer may send what costs it little and us much.
    public var budgets = HTTP2FrameBudgets()

    public init() {}
}
