import COpenSSL

/// A digest algorithm, looked up once: the look-up costs more than the digest of a short text.
///
/// `@unchecked Sendable`: OpenSSL's algorithm objects are not changed after they were fetched, and this one is never
/// freed.
@safe struct MessageDigest: @unchecked Sendable {
    let pointer: OpaquePointer

    static let sha256: MessageDigest = {
        guard let pointer = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto has no SHA-256: \(OpenSSLError.take("EVP_MD_fetch"))")
        }
        return unsafe MessageDigest(pointer: pointer)
    }()
}

/// Owns one `EVP_MD_CTX *`: the state of one signature being made or checked.
@safe struct DigestContext: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(OpenSSLError) {
        guard let pointer = unsafe EVP_MD_CTX_new() else { throw OpenSSLError.take("EVP_MD_CTX_new") }
        unsafe self.pointer = pointer
    }

    deinit { unsafe EVP_MD_CTX_free(self.pointer) }

    /// RSASSA-PKCS1-v1_5 with SHA-256 over `message`.
    func sign(_ message: UnsafeBufferPointer<UInt8>, with key: borrowing EVPKey) throws(OpenSSLError) -> [UInt8] {
        try OpenSSLError.check(
            unsafe EVP_DigestSignInit(self.pointer, nil, MessageDigest.sha256.pointer, nil, key.pointer),
            "EVP_DigestSignInit")
        var count = key.modulusBytes
        var signature = [UInt8](repeating: 0, count: count)
        try OpenSSLError.check(
            unsafe EVP_DigestSign(self.pointer, &signature, &count, message.baseAddress, message.count),
            "EVP_DigestSign")
        signature.removeLast(signature.count - count)
        return signature
    }

    /// Whether `signature` is the one of `message`. A failure of any kind is a no.
    func verify(
        _ signature: UnsafeBufferPointer<UInt8>, of message: UnsafeBufferPointer<UInt8>, with key: borrowing EVPKey
    ) -> Bool {
        let started = unsafe EVP_DigestVerifyInit(
            self.pointer, nil, MessageDigest.sha256.pointer, nil, key.pointer)
        guard started == 1 else {
            ERR_clear_error()
            return false
        }
        let code = unsafe EVP_DigestVerify(
            self.pointer, signature.baseAddress, signature.count, message.baseAddress, message.count)
        if code != 1 { ERR_clear_error() }
        return code == 1
    }
}
