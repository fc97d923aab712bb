/// The bounds of the HTTP/1.1 decoders, in bytes unless said otherwise. A value equal to a bound is accepted.
public struct HTTP1Limits: Sendable, Hashable {
    /// The request line or status line with its line end; more is answered with 414.
    public var requestLineBytesMax = 8_192
    /// The whole head with the empty line that ends it; more is answered with 431.
    public var headBytesMax = 32_768
    /// Lines in a header or trailer section; more is answered with 431.
    public var fieldsMax = 100
    /// One field line with its line end; more is answered with 431.
    public var fieldLineBytesMax = 16_384
    /// Empty lines skipped before a request line (RFC 9112 section 2.2).
    public var leadingEmptyLinesMax = 2
    /// A method of more bytes is answered with 501.
    public var methodBytesMax = 32
    /// The line that begins a chunk, with its extensions and its line end.
    public var chunkLineBytesMax = 128
    /// All chunk extensions of one body: tiny chunks with long extensions are an attack on the receiver's time.
    public var chunkExtensionBytesMax = 16_384
    /// The trailer section, with the empty line that ends it; more is answered with 431.
    public var trailerBytesMax = 8_192
    /// The content of a message, declared or counted; more is answered with 413. Unlimited by default, because routes
    /// have bounds of their own.
    public var bodyBytesMax = Int.max

    public init() {}
}
