/// What a message may cost whoever decodes it. Its size in bytes is for the caller to bound.
public struct ProtobufLimits: Sendable, Hashable {
    /// Messages inside one another, groups that are skipped included. 100 by default, as in every other runtime.
    public var depthMax: Int
    /// Bytes that list elements, map entries and sub-messages may take in memory, strings not counted: two bytes on the
    /// wire are an empty sub-message, and that can be hundreds in memory. 64 MiB by default.
    public var memoryBytesMax: Int

    public init(depthMax: Int = 100, memoryBytesMax: Int = 64 << 20) {
        self.depthMax = depthMax
        self.memoryBytesMax = memoryBytesMax
    }
}
