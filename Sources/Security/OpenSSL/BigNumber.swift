import COpenSSL

/// Owns one `BIGNUM *`, wiped when freed.
@safe struct BigNumber: ~Copyable {
    let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    /// The number whose big-endian bytes these are.
    init(bytes: [UInt8]) throws(OpenSSLError) {
        let pointer = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe BN_bin2bn(buffer.baseAddress, Int32(truncatingIfNeeded: buffer.count), nil)
        }
        guard let pointer = unsafe pointer else { throw OpenSSLError.take("BN_bin2bn") }
        unsafe self.pointer = pointer
    }

    deinit { unsafe BN_clear_free(self.pointer) }

    /// Big-endian, without leading zeros.
    var bytes: [UInt8] {
        let count = unsafe (Int(BN_num_bits(self.pointer)) + 7) / 8
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            written = unsafe Int(BN_bn2bin(self.pointer, buffer.baseAddress))
        }
    }
}
