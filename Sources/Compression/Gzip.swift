import CZlib

/// The gzip format (RFC 1952) over zlib.
public enum Gzip {
    /// How hard to try, from 1 (quickest) to 9 (smallest). JSON and metrics shrink to about a tenth at 1 already.
    public static let defaultLevel: Int32 = 1

    /// Why bytes could not be expanded.
    public enum ExpandError: Error, Sendable, Hashable {
        /// Not gzip, damaged, or cut short.
        case malformed
        /// It would have become larger than was allowed.
        case tooLarge
    }

    /// Compresses in one go.
    ///
    /// - Returns: nil only when there is no memory for zlib's own state, about 256 KiB.
    public static func compress(_ bytes: [UInt8], level: Int32 = Self.defaultLevel) -> [UInt8]? {
        guard bytes.count < Int(UInt32.max) else { return nil }
        var stream = unsafe z_stream()
        guard unsafe vitrine_deflate_gzip(&stream, level) == Z_OK else { return nil }
        defer { unsafe deflateEnd(&stream) }
        let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        var code = Z_OK
        let output = unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            unsafe input.withUnsafeMutableBufferPointer { input in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(output.count)
                code = unsafe deflate(&stream, Z_FINISH)
                count = unsafe output.count - Int(stream.avail_out)
            }
        }
        return code == Z_STREAM_END ? output : nil
    }

    /// Expands in one go, to `byteCountMax` bytes at most: a small body may claim to be gigabytes.
    public static func expand(_ bytes: [UInt8], upTo byteCountMax: Int) throws(ExpandError) -> [UInt8] {
        var stream = unsafe z_stream()
        guard unsafe vitrine_inflate_gzip(&stream) == Z_OK else { throw .malformed }
        defer { unsafe inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
        var error: ExpandError?
        unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(clamping: input.count)
            error = unsafe Self.inflateAll(&stream, &chunk, &output, byteCountMax)
        }
        if let error { throw error }
        return output
    }

    private static func inflateAll(
        _ stream: inout z_stream, _ chunk: inout [UInt8], _ output: inout [UInt8], _ byteCountMax: Int
    ) -> ExpandError? {
        while true {
            let (code, count) = unsafe chunk.withUnsafeMutableBufferPointer { chunk in
                unsafe stream.next_out = chunk.baseAddress
                unsafe stream.avail_out = UInt32(chunk.count)
                let code = unsafe inflate(&stream, Z_NO_FLUSH)
                return unsafe (code, chunk.count - Int(stream.avail_out))
            }
            guard output.count + count <= byteCountMax else { return .tooLarge }
            output.append(contentsOf: chunk[..<count])
            if code == Z_STREAM_END {
                if unsafe stream.avail_in == 0 { return nil }
                // Members may follow one another, and their contents belong together (RFC 1952, section 2.2).
                guard unsafe inflateReset(&stream) == Z_OK else { return .malformed }
                continue
            }
            // No progress without an error: the input ended before the stream did.
            guard code == Z_OK, unsafe count > 0 || stream.avail_in > 0 else { return .malformed }
        }
    }
}
