import COpenSSL

/// Owns one memory `BIO *`: what OpenSSL's PEM functions read from and write to. Its memory is wiped when freed.
@safe struct MemoryBIO: ~Copyable {
    let pointer: OpaquePointer

    init() throws(OpenSSLError) {
        guard let pointer = unsafe BIO_new(BIO_s_mem()) else { throw OpenSSLError.take("BIO_new") }
        unsafe self.pointer = pointer
    }

    deinit { unsafe BIO_free_all(self.pointer) }

    func write(_ text: String) throws(OpenSSLError) {
        let count = Int32(clamping: text.utf8.count)
        let written = unsafe text.utf8.withBytes { bytes in unsafe BIO_write(self.pointer, bytes.baseAddress, count) }
        guard written == count else { throw OpenSSLError.take("BIO_write") }
    }

    func readAll() throws(OpenSSLError) -> String {
        // BIO_pending is a macro over this.
        let count = unsafe BIO_ctrl(self.pointer, BIO_CTRL_PENDING, 0, nil)
        var read: Int32 = 0
        let text = unsafe String(unsafeUninitializedCapacity: count) { buffer in
            unsafe read = BIO_read(self.pointer, buffer.baseAddress, Int32(clamping: count))
            return max(0, Int(read))
        }
        guard Int(read) == count else { throw OpenSSLError.take("BIO_read") }
        return text
    }
}
