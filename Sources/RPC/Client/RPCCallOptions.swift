public import HTTPCore

/// How one call is made.
public struct RPCCallOptions: Sendable {
    /// When to stop waiting. The deadline of the call that the current task answers counts too, whichever is earlier.
    public var deadline: Deadline?
    /// Sent beside what the client always sends.
    public var metadata: RPCMetadata
    /// The most bytes of a message that is received, also once it is expanded; nil for the client's own bound.
    public var messageBytesMax: Int?
    /// How the request is compressed, from 1 KiB on.
    public var compression: RPCCompression
    /// How often the call has been made before; on the span from 1 on.
    public var resendCount: Int

    public init(
        deadline: Deadline? = nil, metadata: RPCMetadata = .init(), messageBytesMax: Int? = nil,
        compression: RPCCompression = .identity, resendCount: Int = 0
    ) {
        self.deadline = deadline
        self.metadata = metadata
        self.messageBytesMax = messageBytesMax
        self.compression = compression
        self.resendCount = resendCount
    }
}

/// The bounds of a client of gRPC.
public struct RPCClientConfiguration: Sendable {
    /// The most bytes of a message that is received, also once it is expanded; 4 MiB.
    public var receivedMessageBytesMax = 4 * 1_024 * 1_024
    /// The most bytes of a message that is sent; 4 MiB.
    public var sentMessageBytesMax = 4 * 1_024 * 1_024
    /// How long a call with one answer may take where nothing else says so; 10 s. Streams have no bound of their own.
    public var timeout = Duration.seconds(10)

    public init() {}
}
