import COpenSSL
import Glibc

/// What all sessions of one kind share: trusted authorities, the own certificate, versions.
///
/// TLS 1.2 and 1.3; `http/1.1` by ALPN (RFC 7301); no renegotiation and no compression. Files are read when it is made
/// and not again.
@safe public final class TLSContext: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: neither the `SSL_CTX` nor `expiry` is changed once `client` or `server` has
    // returned, and OpenSSL allows sessions to be made of one from several threads (openssl-threads(7)).
    private let pointer: OpaquePointer
    private let isServer: Bool
    /// Until when the certificates it was made from are valid.
    public private(set) var expiry = TLSExpiry()

    private init(method: OpaquePointer?, isServer: Bool) throws(TLSError) {
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(method) else { throw TLSError.library("SSL_CTX_new") }
        unsafe self.pointer = pointer
        self.isServer = isServer
        guard unsafe vitrine_ssl_ctx_set_min_version(pointer, Int(TLS1_2_VERSION)) == 1 else {
            throw TLSError.library("SSL_CTX_set_min_proto_version")
        }
        unsafe SSL_CTX_set_options(pointer, vitrine_ssl_op_no_renegotiation | vitrine_ssl_op_no_compression)
        // Idle connections are many, and each would keep two buffers of a record's size.
        unsafe _ = vitrine_ssl_ctx_set_mode(pointer, Int(SSL_MODE_RELEASE_BUFFERS))
        unsafe _ = vitrine_ssl_ctx_disable_session_cache(pointer)
        // Without a callback OpenSSL would ask for a key's passphrase at the terminal.
        unsafe SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in -1 }
    }

    deinit { unsafe SSL_CTX_free(self.pointer) }

    /// A context for connecting.
    /// - Parameter identity: what is shown to a server that asks who connects.
    /// - Throws: `TLSError` with `unusableFile` when a file cannot be read or does not hold what it should.
    public static func client(
        trusting trust: TLSTrust = .system, identity: TLSIdentity? = nil
    ) throws(TLSError) -> TLSContext {
        let context = try unsafe TLSContext(method: TLS_client_method(), isServer: false)
        try context.trust(trust)
        if let identity { try context.use(identity) }
        unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
        let offered = ALPN.http11
        // Unlike the others, this function gives 0 for success.
        guard unsafe SSL_CTX_set_alpn_protos(context.pointer, offered.utf8Start, ALPN.count) == 0 else {
            throw TLSError.library("SSL_CTX_set_alpn_protos")
        }
        return context
    }

    /// A context for accepting.
    /// - Parameter clientAuthorities: a PEM file; a client must then show a certificate that one of these issued.
    /// - Throws: `TLSError` with `unusableFile` when a file cannot be read or does not hold what it should.
    public static func server(
        identity: TLSIdentity, clientAuthorities: String? = nil
    ) throws(TLSError) -> TLSContext {
        let context = try unsafe TLSContext(method: TLS_server_method(), isServer: true)
        try context.use(identity)
        unsafe SSL_CTX_set_alpn_select_cb(context.pointer, ALPN.select, nil)
        // A ticket is good only within a context of the same name; without any, a client that shows one is refused.
        let name: [UInt8] = Array("vitrine".utf8)
        unsafe _ = SSL_CTX_set_session_id_context(context.pointer, name, UInt32(name.count))
        if let clientAuthorities {
            try context.trust(.file(clientAuthorities))
            unsafe SSL_CTX_set_client_CA_list(context.pointer, SSL_load_client_CA_file(clientAuthorities))
            unsafe SSL_CTX_set_verify(
                context.pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
        ERR_clear_error()
        return context
    }

    /// A session with the server `host`, a name or a numeric address, which its certificate must be for.
    /// - Precondition: the context is one for connecting.
    public func makeSession(connectingTo host: String) throws(TLSError) -> TLSSession {
        precondition(!self.isServer, "a server's TLS context cannot connect to \(host)")
        return try unsafe TLSSession(SSL_new(self.pointer), connectingTo: host)
    }

    /// A session with a client that has connected.
    /// - Precondition: the context is one for accepting.
    public func makeServerSession() throws(TLSError) -> TLSSession {
        precondition(self.isServer, "a client's TLS context cannot accept")
        return try unsafe TLSSession(SSL_new(self.pointer), connectingTo: nil)
    }

    // MARK: Files

    private func trust(_ trust: TLSTrust) throws(TLSError) {
        ERR_clear_error()
        switch trust {
        case .system:
            guard unsafe SSL_CTX_set_default_verify_paths(self.pointer) == 1 else {
                throw TLSError.library("SSL_CTX_set_default_verify_paths")
            }
        case .file(let path):
            try Self.requireReadable(path, .trustedCertificates)
            guard unsafe SSL_CTX_load_verify_file(self.pointer, path) == 1 else {
                throw Self.unusable(path, .trustedCertificates, "holds no certificates in PEM")
            }
            // Each certificate in the file is trusted for itself, an intermediate one or a server's own included.
            unsafe _ = X509_STORE_set_flags(
                SSL_CTX_get_cert_store(self.pointer), UInt(X509_V_FLAG_PARTIAL_CHAIN))
            self.expiry.trust = unsafe CertificateExpiry.trust(of: self.pointer)
        }
    }

    private func use(_ identity: TLSIdentity) throws(TLSError) {
        try Self.requireReadable(identity.certificateChainFile, .certificateChain)
        try Self.requireReadable(identity.privateKeyFile, .privateKey)
        ERR_clear_error()
        guard unsafe SSL_CTX_use_certificate_chain_file(self.pointer, identity.certificateChainFile) == 1 else {
            throw Self.unusable(identity.certificateChainFile, .certificateChain, "holds no usable certificate in PEM")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(self.pointer, identity.privateKeyFile, SSL_FILETYPE_PEM) == 1 else {
            throw Self.unusable(
                identity.privateKeyFile, .privateKey,
                "holds no unencrypted private key in PEM that belongs to \(identity.certificateChainFile)")
        }
        guard unsafe SSL_CTX_check_private_key(self.pointer) == 1 else {
            throw Self.unusable(
                identity.privateKeyFile, .privateKey,
                "is not the private key of the certificate in \(identity.certificateChainFile)")
        }
        self.expiry.identity = unsafe CertificateExpiry.identity(of: self.pointer)
    }

    /// OpenSSL's own words for a missing file are two lines of its sources; the system's are clear.
    private static func requireReadable(_ path: String, _ file: TLSFile) throws(TLSError) {
        guard unsafe access(path, R_OK) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw TLSError(.unusableFile(file), "cannot read the file \(path): \(reason)")
        }
    }

    private static func unusable(_ path: String, _ file: TLSFile, _ problem: String) -> TLSError {
        TLSError(.unusableFile(file), "the file \(path) \(problem) (\(LibraryFailure.describe()))")
    }
}

/// The one protocol spoken over TLS here, as a list of names with their lengths (RFC 7301, section 3.1).
private enum ALPN {
    static let http11: StaticString = "\u{08}http/1.1"
    static var count: UInt32 { UInt32(self.http11.utf8CodeUnitCount) }

    /// A client that offers other protocols only is told so, rather than spoken to in one it did not offer.
    static let select: SSL_CTX_alpn_select_cb_func = { _, chosen, chosenCount, offered, offeredCount, _ in
        var name: UnsafeMutablePointer<UInt8>?
        let code = unsafe SSL_select_next_proto(
            &name, chosenCount, ALPN.http11.utf8Start, ALPN.count, offered, offeredCount)
        guard code == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        unsafe chosen?.pointee = UnsafePointer(name)
        return SSL_TLSEXT_ERR_OK
    }
}
