import COpenSSL

/// One TLS connection without a socket: ciphertext is fed in and taken out, plaintext is read and written.
///
/// Not `Sendable`: it lives on one executor. After a failure nothing but `takeCiphertext` does anything; what that
/// gives is the alert that tells the peer.
@safe public final class TLSSession {
    private let pointer: OpaquePointer
    /// What has come from the peer. Owned by the `SSL`.
    private let incoming: OpaquePointer
    /// What is to go to the peer. Owned by the `SSL`.
    private let outgoing: OpaquePointer
    private let host: String?
    private var failure: TLSError?
    private var hasSentClose = false

    public private(set) var isHandshakeComplete = false

    /// - Parameters:
    ///   - session: of `SSL_new`; owned from here on.
    ///   - host: nil for a server's session.
    init(_ session: OpaquePointer?, connectingTo host: String?) throws(TLSError) {
        guard let session = unsafe session else { throw TLSError.library("SSL_new") }
        guard let incoming = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(session)
            throw TLSError.library("BIO_new")
        }
        unsafe SSL_set_bio(session, incoming, outgoing)
        unsafe self.pointer = session
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
        self.host = host
        if let host {
            try self.verify(host)
            unsafe SSL_set_connect_state(session)
        } else {
            unsafe SSL_set_accept_state(session)
        }
    }

    deinit { unsafe SSL_free(self.pointer) }

    /// Has the peer's certificate compared with `host`, and names it to the server (SNI, RFC 6066, section 3).
    private func verify(_ host: String) throws(TLSError) {
        // A name in its absolute form ends in a dot, and certificates know no such names.
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        guard !name.isEmpty, !name.utf8.contains(0) else {
            throw TLSError(.invalidHost, "'\(host)' is neither a host name nor an address")
        }
        ERR_clear_error()
        let parameters = unsafe SSL_get0_param(self.pointer)
        // `*` stands for one whole label, never for a part; the old habit of a name in the subject counts for nothing.
        unsafe X509_VERIFY_PARAM_set_hostflags(
            parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
        ERR_clear_error()
        guard unsafe X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1,
            unsafe vitrine_ssl_set_server_name(self.pointer, name) == 1
        else {
            ERR_clear_error()
            throw TLSError(.invalidHost, "'\(host)' is neither a host name nor an address")
        }
    }

    // MARK: Ciphertext

    /// Takes in what the peer sent. It is not looked at before the next call of `handshake`, `read` or `peek`.
    public func feed(_ ciphertext: UnsafeRawBufferPointer) throws(TLSError) {
        var fed = 0
        while fed < ciphertext.count {
            ERR_clear_error()
            let rest = unsafe UnsafeRawBufferPointer(rebasing: ciphertext[fed...])
            let count = unsafe BIO_write(self.incoming, rest.baseAddress, Int32(clamping: rest.count))
            guard count > 0 else { throw self.fail(TLSError.library("BIO_write")) }
            fed += Int(count)
        }
    }

    /// Bytes that wait to be sent to the peer.
    public var ciphertextCount: Int { unsafe Int(vitrine_bio_pending(self.outgoing)) }

    /// Moves what is to be sent to the end of `target`.
    public func takeCiphertext(into target: inout [UInt8]) {
        let count = self.ciphertextCount
        guard count > 0 else { return }
        let start = target.count
        target.append(contentsOf: repeatElement(0, count: count))
        let taken = unsafe target.withUnsafeMutableBytes { bytes in
            unsafe BIO_read(self.outgoing, bytes.baseAddress.map { unsafe $0 + start }, Int32(clamping: count))
        }
        target.removeLast(count - max(0, Int(taken)))
    }

    // MARK: Handshake

    /// Goes on with the handshake as far as the bytes fed allow.
    /// - Returns: whether it is complete. Either way there may be ciphertext to send.
    /// - Throws: `TLSError` when the peer's certificate is refused, the peer refuses, or it speaks no TLS.
    public func handshake() throws(TLSError) -> Bool {
        if self.isHandshakeComplete { return true }
        let outcome = try self.attempt { unsafe SSL_do_handshake(self.pointer) }
        self.isHandshakeComplete = outcome == .complete
        return self.isHandshakeComplete
    }

    // MARK: Plaintext

    public enum ReadResult: Sendable, Hashable {
        /// So many bytes, at least 1 and at most a record's, were written to the buffer.
        case bytes(Int)
        /// There is nothing until more is fed.
        case needsInput
        /// The peer's close_notify: nothing comes after it.
        case ended
    }

    /// Decrypts into `target`. May leave ciphertext to send, such as the answer to a key update.
    /// - Precondition: `target` is not empty.
    public func read(into target: UnsafeMutableRawBufferPointer) throws(TLSError) -> ReadResult {
        precondition(target.count > 0, "a TLS read into an empty buffer")
        var count = 0
        let outcome = try self.attempt {
            unsafe SSL_read_ex(self.pointer, target.baseAddress, target.count, &count)
        }
        return Self.result(outcome, count)
    }

    /// Works through what was fed up to the next plaintext, and leaves that where it is.
    ///
    /// Session tickets and key updates (RFC 8446, section 4.6) are dealt with on the way and are no plaintext.
    public func peek() throws(TLSError) -> ReadResult {
        var byte: UInt8 = 0
        var count = 0
        let outcome = try self.attempt { unsafe SSL_peek_ex(self.pointer, &byte, 1, &count) }
        return Self.result(outcome, count)
    }

    /// Encrypts `plaintext`, all of it; take the ciphertext afterwards.
    /// - Precondition: the handshake is complete.
    public func write(_ plaintext: UnsafeRawBufferPointer) throws(TLSError) {
        precondition(self.isHandshakeComplete, "a write before the end of the TLS handshake")
        // OpenSSL takes an empty write for an error.
        guard unsafe !plaintext.isEmpty else { return }
        var count = 0
        let outcome = try self.attempt {
            unsafe SSL_write_ex(self.pointer, plaintext.baseAddress, plaintext.count, &count)
        }
        // A memory BIO takes everything, and there is no renegotiation to wait for.
        guard outcome == .complete, count == plaintext.count else {
            throw self.fail(TLSError(.library, "SSL_write_ex wrote \(count) bytes only"))
        }
    }

    /// Tells the peer that nothing comes any more (close_notify, RFC 8446, section 6.1). What it sends can still be
    /// read.
    public func close() {
        guard self.isHandshakeComplete, self.failure == nil, !self.hasSentClose else { return }
        self.hasSentClose = true
        ERR_clear_error()
        unsafe _ = SSL_shutdown(self.pointer)
        ERR_clear_error()
    }

    /// Gives the client one more session ticket (RFC 8446, section 4.6.1), sent with the next plaintext or by itself.
    /// A server's session of TLS 1.3 only; nothing happens on another.
    public func issueTicket() {
        guard self.isHandshakeComplete, self.failure == nil else { return }
        ERR_clear_error()
        if unsafe SSL_new_session_ticket(self.pointer) == 1 { unsafe _ = SSL_do_handshake(self.pointer) }
        ERR_clear_error()
    }

    // MARK: Facts

    /// `TLSv1.3` or `TLSv1.2`, once the handshake is complete.
    public var version: String { unsafe String(cString: SSL_get_version(self.pointer)) }

    /// What was agreed on by ALPN; nil when the peer does not know it.
    public var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(self.pointer, &name, &count)
        guard let name = unsafe name else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    // MARK: Outcomes

    private enum Outcome { case complete, needsInput, ended }

    private static func result(_ outcome: Outcome, _ count: Int) -> ReadResult {
        switch outcome {
        case .complete: .bytes(count)
        case .needsInput: .needsInput
        case .ended: .ended
        }
    }

    /// Makes one call into OpenSSL that gives 1 for success, and tells what became of it.
    private func attempt(_ call: () -> Int32) throws(TLSError) -> Outcome {
        if let failure = self.failure { throw failure }
        ERR_clear_error()
        let code = call()
        if code == 1 { return .complete }
        switch unsafe SSL_get_error(self.pointer, code) {
        case SSL_ERROR_WANT_READ: return .needsInput
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: throw self.fail(self.explanation())
        }
    }

    private func explanation() -> TLSError {
        let failure = LibraryFailure.take()
        let verified = unsafe SSL_get_verify_result(self.pointer)
        let isVerification = failure?.isTLS == true && failure?.reason == SSL_R_CERTIFICATE_VERIFY_FAILED
        if isVerification, verified != Int(X509_V_OK) { return .verification(verified, host: self.host) }
        return .session(failure)
    }

    private func fail(_ error: TLSError) -> TLSError {
        if self.failure == nil { self.failure = error }
        return error
    }
}
