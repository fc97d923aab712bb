import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// Bytes of a digest.
    public static let digestBytes = 32

    /// The digest of `bytes`: 32 bytes.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { unsafe self.digest($0) }
    }

    /// The digest of text as UTF-8, in lower-case hexadecimal: 64 letters.
    public static func hexDigest(_ text: String) -> String {
        unsafe Hexadecimal.text(text.utf8.withBytes { unsafe self.digest($0) })
    }

    /// The digest of `bytes`: 32 bytes.
    public static func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: self.digestBytes) { buffer, written in
            let code = unsafe EVP_Digest(
                bytes.baseAddress, bytes.count, buffer.baseAddress, nil, MessageDigest.sha256.pointer, nil)
            precondition(code == 1, "SHA-256 failed: \(OpenSSLError.take("EVP_Digest"))")
            written = self.digestBytes
        }
    }
}
