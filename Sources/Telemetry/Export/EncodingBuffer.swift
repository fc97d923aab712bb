import Synchronization

/// Where a signal's batches are encoded, one after the other: memory once touched is touched again, where a fresh buffer of
/// half a megabyte would cost a page fault for each of its pages.
final class EncodingBuffer: Sendable {
    private let sink = Mutex(ByteSink())
    /// A buffer that one huge batch has blown up is not kept.
    private static let keptBytesMax = 4 << 20

    func encode(_ body: (inout ByteSink) -> Void) -> [UInt8] {
        self.sink.withLock { sink in
            sink.clear()
            body(&sink)
            let bytes = sink.bytes
            if sink.capacity > Self.keptBytesMax { sink = ByteSink() }
            return bytes
        }
    }
}
