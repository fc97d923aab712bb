/// The bounds of a server of gRPC.
public struct RPCServerConfiguration: Sendable {
    /// The most bytes of a message that is received, also once it is expanded; 4 MiB.
    public var receivedMessageBytesMax = 4 * 1_024 * 1_024
    /// The most bytes of a message that is sent; 4 MiB.
    public var sentMessageBytesMax = 4 * 1_024 * 1_024
    /// The most bytes of the fields a call begins with, counted as HTTP/2 does; 16 KiB, of which baggage may be half.
    public var metadataBytesMax = 16 * 1_024
    /// The longest a call may take, whatever its caller would wait; nil for no bound of the server's own, which streams
    /// without end need.
    public var callTimeout: Duration?
    /// Whether answers to callers that compress are compressed too, from 1 KiB on; true.
    public var compressesAnswers = true
    /// Time, for deadlines.
    public var clock = RPCClock.continuous
    /// Where handlers run: the event loop of the connection that asks. Nil for the shared pool.
    public var executor: @Sendable () -> (any TaskExecutor)? = { nil }

    public init() {}
}
