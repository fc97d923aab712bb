/// A certificate and its private key, by the PEM files they stand in.
public struct TLSIdentity: Sendable, Hashable {
    /// The certificate first, then those that lead to its authority.
    public let certificateChainFile: String
    /// Not encrypted: there is nobody who could be asked for a passphrase.
    public let privateKeyFile: String

    public init(certificateChainFile: String, privateKeyFile: String) {
        self.certificateChainFile = certificateChainFile
        self.privateKeyFile = privateKeyFile
    }
}

/// Whose word for a peer's certificate is taken.
public enum TLSTrust: Sendable, Hashable {
    /// The system's authorities; `SSL_CERT_FILE` and `SSL_CERT_DIR` replace them (SSL_CTX_load_verify_locations(3)).
    case system
    /// The certificates in a PEM file, and no others.
    case file(String)
}
