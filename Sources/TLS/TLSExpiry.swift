import COpenSSL
import Glibc

/// When the certificates that a context was made from cease to be valid, each the earliest among several, in seconds of
/// Unix time.
public struct TLSExpiry: Sendable, Hashable {
    /// Of the own certificate and those that lead to its authority; nil without an identity.
    public internal(set) var identity: Int?
    /// Of the certificates in a file that are trusted; nil for those of the system.
    public internal(set) var trust: Int?
}

/// Reads `notAfter` (RFC 5280, section 4.1.2.5) out of what a context has loaded.
enum CertificateExpiry {
    static func identity(of context: OpaquePointer) -> Int? {
        let chain = unsafe vitrine_ssl_ctx_get0_chain(context)
        var ends = unsafe (0..<vitrine_x509_count(chain)).compactMap { index in
            unsafe Self.end(vitrine_x509_at(chain, index))
        }
        if let own = unsafe Self.end(SSL_CTX_get0_certificate(context)) { ends.append(own) }
        return ends.min()
    }

    static func trust(of context: OpaquePointer) -> Int? {
        guard let store = unsafe SSL_CTX_get_cert_store(context) else { return nil }
        return unsafe (0..<vitrine_x509_object_count(store)).compactMap { index in
            // A list of revocations has no certificate.
            unsafe X509_OBJECT_get0_X509(vitrine_x509_object_at(store, index)).flatMap { unsafe Self.end($0) }
        }.min()
    }

    private static func end(_ certificate: OpaquePointer?) -> Int? {
        guard let certificate = unsafe certificate else { return nil }
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1 else { return nil }
        return unsafe timegm(&parts)
    }
}
