import COpenSSL

/// Why a secure connection could not be set up, or was broken.
public struct TLSError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// One of the files a context is made of cannot be read, or does not hold what it should.
        case unusableFile(TLSFile)
        /// The name or address to verify is none.
        case invalidHost
        /// The peer's certificate is past its last day.
        case certificateExpired
        /// The peer's certificate is valid in the future only; often this machine's clock is wrong.
        case certificateNotYetValid
        /// The peer's certificate is another host's.
        case hostMismatch
        /// No trusted authority stands behind the peer's certificate.
        case untrustedIssuer
        /// The peer's certificate fails in some other way.
        case certificateRefused
        /// The peer gave up and said so in an alert (RFC 8446, section 6).
        case refusedByPeer
        /// The peer ended the connection without close_notify, so data may be missing (RFC 8446, section 6.1).
        case truncated
        /// What was received is not TLS, or was changed on its way.
        case invalidData
        /// OpenSSL itself failed, such as for lack of memory.
        case library
    }

    public let code: Code
    /// What happened and how to remedy it, in one line.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "TLS: \(self.message)" }

    /// The end of the stream came before the peer's close_notify.
    public static let truncated = TLSError(
        .truncated, "the peer ended the connection without saying so; what it sent may be incomplete")
    /// The end of the stream came before the handshake's.
    public static let handshakeCutOff = TLSError(
        .truncated, "the peer ended the connection during the handshake; does it speak TLS on this port?")
}

/// The files a context is made of.
public enum TLSFile: Sendable, Hashable {
    /// Certificates of authorities.
    case trustedCertificates
    /// The own certificate and those that lead to its authority.
    case certificateChain
    /// The private key of the own certificate.
    case privateKey
}

/// One entry of the calling thread's OpenSSL error queue.
struct LibraryFailure {
    let reason: Int32
    let isTLS: Bool
    /// OpenSSL's own words, lowercase and short.
    let text: String

    /// Reads and empties the queue. Call it right after the failed function.
    ///
    /// The last entry tells most: the earlier ones are what deeper layers thought of it.
    static func take() -> LibraryFailure? {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0 else { return nil }
        let text = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
        return LibraryFailure(
            reason: ERR_GET_REASON(code), isTLS: ERR_GET_LIB(code) == ERR_LIB_SSL, text: text ?? "error \(code)")
    }

    static func describe() -> String { self.take()?.text ?? "no reason was given" }
}

extension TLSError {
    static func library(_ function: StaticString) -> TLSError {
        TLSError(.library, "\(function) failed: \(LibraryFailure.describe())")
    }

    /// What verification found, as `X509_V_ERR_…` (X509_STORE_CTX_get_error(3)); `host` is the name asked for.
    static func verification(_ code: Int, host: String?) -> TLSError {
        let name = host.map { "'\($0)'" } ?? "the peer"
        switch Int32(clamping: code) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return TLSError(.certificateExpired, "the certificate of \(name) has expired; renew it there")
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return TLSError(
                .certificateNotYetValid, "the certificate of \(name) is not valid yet; compare the clocks")
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return TLSError(
                .hostMismatch,
                "host name mismatch: the certificate is not for \(name); use a name that stands in it")
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return TLSError(
                .untrustedIssuer,
                "the certificate of \(name) comes from no authority trusted here (\(self.words(code))); "
                    + "trust the authority's PEM file")
        default:
            return TLSError(.certificateRefused, "the certificate of \(name) is refused: \(self.words(code))")
        }
    }

    private static func words(_ code: Int) -> String {
        unsafe String(cString: X509_verify_cert_error_string(code))
    }

    /// A failure within a session. OpenSSL gives an alert received the reason 1000 and the alert's number.
    static func session(_ failure: LibraryFailure?) -> TLSError {
        guard let failure else { return TLSError(.invalidData, "the connection broke off without a reason") }
        if failure.isTLS && (1_000..<1_256).contains(failure.reason) {
            return TLSError(.refusedByPeer, "the peer refuses the connection: \(failure.text)")
        }
        switch failure.reason {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE where failure.isTLS:
            return TLSError(.certificateRefused, "the peer sent no certificate, and one is required")
        case SSL_R_WRONG_VERSION_NUMBER where failure.isTLS:
            return TLSError(.invalidData, "what the peer sent is not TLS (\(failure.text)); is it a plain port?")
        default:
            return TLSError(.invalidData, "the peer broke the protocol: \(failure.text)")
        }
    }
}
