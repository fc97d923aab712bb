import COpenSSL

/// Random bytes that cannot be guessed, from OpenSSL's generator.
public enum Random {
    /// `count` random bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            unsafe self.fill(UnsafeMutableRawBufferPointer(buffer))
            written = count
        }
    }

    /// `count` random bytes in lower-case hexadecimal: twice as many letters.
    public static func hex(_ count: Int) -> String { Hexadecimal.text(self.bytes(count)) }

    /// Fills memory with random bytes.
    ///
    /// A process that cannot get random bytes must not go on making keys and identifiers, so this stops it.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let start = buffer.baseAddress, let count = Int32(exactly: buffer.count) else {
            unsafe precondition(buffer.isEmpty, "More random bytes than one call gives: \(buffer.count)")
            return
        }
        let code = unsafe RAND_bytes(start.assumingMemoryBound(to: UInt8.self), count)
        precondition(code == 1, "The system gives no random bytes: \(OpenSSLError.take("RAND_bytes"))")
    }
}
