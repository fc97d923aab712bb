import CNghttp2
import HTTPCore

/// Names and values as nghttp2 takes them, pointing into memory of others for the time of one call.
@unsafe struct HTTP2FieldBlock {
    let start: UnsafeMutablePointer<nghttp2_nv>
    private(set) var count = 0

    /// Pseudo-header fields and those the session writes.
    private static let ownMax = 8

    /// Puts a block together, first what `begin` appends and then `fields`, and hands it to `then`.
    static func with<R>(
        _ fields: HTTPFields, excluding excluded: HTTPFieldNameSet, _ begin: (inout HTTP2FieldBlock) -> Void,
        then: (HTTP2FieldBlock) -> R
    ) -> R {
        unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: fields.count + Self.ownMax) { memory in
            // Of eight elements or more, it has an address.
            var block = unsafe HTTP2FieldBlock(start: memory.baseAddress!)
            unsafe begin(&block)
            return unsafe fields.withLines(excluding: excluded) { name, value in
                unsafe block.append(name, value)
            } then: {
                unsafe then(block)
            }
        }
    }

    mutating func append(_ name: StaticString, _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        unsafe self.append(
            UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount),
            UnsafeBufferPointer(rebasing: text[range]))
    }

    mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        unsafe (self.start + self.count).initialize(
            to: nghttp2_nv(
                name: UnsafeMutablePointer(mutating: name.baseAddress),
                // An empty value needs an address all the same.
                value: UnsafeMutablePointer(mutating: value.baseAddress ?? name.baseAddress), namelen: name.count,
                valuelen: value.count, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
        unsafe self.count += 1
    }
}
