import COpenSSL

/// A certificate authority in memory that issues certificates for tests.
///
/// Elliptic keys on P-256, signed with SHA-256. Nothing is kept but what its properties give.
public struct TestAuthority: Sendable {
    /// What whoever trusts the authority is given.
    public let certificatePEM: String
    private let keyPEM: String
    private let name: String

    public init(name: String = "Test Authority") {
        self.name = name
        let key = TestKey()
        let certificate = TestCertificate(subject: name, issuer: name, key: key, days: -1...3_650)
        certificate.add(NID_basic_constraints, "critical,CA:TRUE")
        certificate.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        certificate.sign(with: key)
        self.certificatePEM = certificate.pem
        self.keyPEM = key.pem
    }

    /// Issues a certificate.
    /// - Parameters:
    ///   - names: what it is for, as `DNS:shop.example` or `IP:127.0.0.1`; none at all for a client.
    ///   - days: from when to when it is valid, counted from now.
    public func issue(
        _ subject: String, for names: [String] = [], days: ClosedRange<Int> = -1...365
    ) -> TestIdentity {
        let key = TestKey()
        let certificate = TestCertificate(subject: subject, issuer: self.name, key: key, days: days)
        if !names.isEmpty { certificate.add(NID_subject_alt_name, names.joined(separator: ",")) }
        certificate.sign(with: TestKey(pem: self.keyPEM))
        return TestIdentity(certificatePEM: certificate.pem, keyPEM: key.pem)
    }
}

/// A certificate and its private key in PEM.
public struct TestIdentity: Sendable {
    public let certificatePEM: String
    public let keyPEM: String

    /// `first` with the certificate of another behind it, as a chain is sent.
    public static func chained(_ first: TestIdentity, _ next: TestIdentity) -> TestIdentity {
        TestIdentity(certificatePEM: first.certificatePEM + next.certificatePEM, keyPEM: first.keyPEM)
    }

    /// One that nobody but itself stands behind.
    public static func selfSigned(_ subject: String, for names: [String]) -> TestIdentity {
        let key = TestKey()
        let certificate = TestCertificate(subject: subject, issuer: subject, key: key, days: -1...365)
        certificate.add(NID_subject_alt_name, names.joined(separator: ","))
        certificate.sign(with: key)
        return TestIdentity(certificatePEM: certificate.pem, keyPEM: key.pem)
    }
}

/// Owns one `EVP_PKEY *`.
@safe struct TestKey: ~Copyable {
    let pointer: OpaquePointer

    /// A new one on P-256.
    init() {
        var raw: OpaquePointer?
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            unsafe EVP_PKEY_generate(context, &raw) == 1, let key = unsafe raw
        else { preconditionFailure("OpenSSL made no key") }
        unsafe self.pointer = key
    }

    init(pem: String) {
        let source = TestBIO()
        source.write(pem)
        guard let key = unsafe PEM_read_bio_PrivateKey(source.pointer, nil, nil, nil) else {
            preconditionFailure("no key in PEM")
        }
        unsafe self.pointer = key
    }

    deinit { unsafe EVP_PKEY_free(self.pointer) }

    var pem: String {
        let target = TestBIO()
        let code = unsafe PEM_write_bio_PrivateKey(target.pointer, self.pointer, nil, nil, 0, nil, nil)
        precondition(code == 1, "OpenSSL wrote no key")
        return target.text
    }
}

/// Owns one `X509 *`.
@safe struct TestCertificate: ~Copyable {
    private let pointer: OpaquePointer

    init(subject: String, issuer: String, key: borrowing TestKey, days: ClosedRange<Int>) {
        guard let pointer = unsafe X509_new() else { preconditionFailure("OpenSSL made no certificate") }
        unsafe self.pointer = pointer
        let secondsPerDay = 86_400
        unsafe X509_set_version(pointer, 2)  // counted from 0: version 3
        unsafe ASN1_INTEGER_set_uint64(X509_get_serialNumber(pointer), UInt64.random(in: 1..<1 << 62))
        unsafe X509_gmtime_adj(X509_getm_notBefore(pointer), days.lowerBound * secondsPerDay)
        unsafe X509_gmtime_adj(X509_getm_notAfter(pointer), days.upperBound * secondsPerDay)
        unsafe Self.append(subject, to: X509_get_subject_name(pointer))
        unsafe Self.append(issuer, to: X509_get_issuer_name(pointer))
        unsafe X509_set_pubkey(pointer, key.pointer)
    }

    deinit { unsafe X509_free(self.pointer) }

    private static func append(_ commonName: String, to name: OpaquePointer?) {
        let bytes = Array(commonName.utf8)
        let code = unsafe X509_NAME_add_entry_by_txt(
            name, "CN", Int32(MBSTRING_FLAG | 0), bytes, Int32(bytes.count), -1, 0)
        precondition(code == 1, "OpenSSL refused the name \(commonName)")
    }

    /// - Parameter value: in the words of x509v3_config(5).
    func add(_ kind: Int32, _ value: String) {
        guard let part = unsafe X509V3_EXT_conf_nid(nil, nil, kind, value) else {
            preconditionFailure("OpenSSL refused the extension \(value)")
        }
        unsafe X509_add_ext(self.pointer, part, -1)
        unsafe X509_EXTENSION_free(part)
    }

    func sign(with key: borrowing TestKey) {
        let code = unsafe X509_sign(self.pointer, key.pointer, EVP_sha256())
        precondition(code > 0, "OpenSSL did not sign")
    }

    var pem: String {
        let target = TestBIO()
        let code = unsafe PEM_write_bio_X509(target.pointer, self.pointer)
        precondition(code == 1, "OpenSSL wrote no certificate")
        return target.text
    }
}

/// Owns one memory `BIO *`.
@safe struct TestBIO: ~Copyable {
    let pointer: OpaquePointer

    init() {
        guard let pointer = unsafe BIO_new(BIO_s_mem()) else { preconditionFailure("OpenSSL made no BIO") }
        unsafe self.pointer = pointer
    }

    deinit { unsafe BIO_free_all(self.pointer) }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        let count = unsafe BIO_write(self.pointer, bytes, Int32(bytes.count))
        precondition(count == bytes.count, "OpenSSL took \(count) bytes only")
    }

    var text: String {
        var bytes = [UInt8](repeating: 0, count: unsafe Int(vitrine_bio_pending(self.pointer)))
        unsafe BIO_read(self.pointer, &bytes, Int32(bytes.count))
        return String(decoding: bytes, as: UTF8.self)
    }
}
