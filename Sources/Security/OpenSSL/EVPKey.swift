import COpenSSL

/// Owns one RSA `EVP_PKEY *`.
///
/// `@unchecked Sendable`: a key is not changed once it is made, and OpenSSL allows one that is only used to be shared by
/// threads (openssl-threads(7)).
@safe struct EVPKey: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    private init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit { unsafe EVP_PKEY_free(self.pointer) }

    /// Bits of the modulus.
    var bits: Int { unsafe Int(EVP_PKEY_get_bits(self.pointer)) }

    /// Bytes of the modulus, which are the bytes of a signature too.
    var modulusBytes: Int { unsafe Int(EVP_PKEY_get_size(self.pointer)) }

    /// The modulus, big-endian.
    func modulus() throws(OpenSSLError) -> [UInt8] { try self.parameter("n") }

    /// The public exponent, big-endian.
    func exponent() throws(OpenSSLError) -> [UInt8] { try self.parameter("e") }

    private func parameter(_ name: StaticString) throws(OpenSSLError) -> [UInt8] {
        var raw: OpaquePointer?
        try OpenSSLError.check(
            unsafe EVP_PKEY_get_bn_param(self.pointer, name.cString, &raw), "EVP_PKEY_get_bn_param")
        guard let number = unsafe raw else { throw OpenSSLError.take("EVP_PKEY_get_bn_param") }
        return unsafe BigNumber(adopting: number).bytes
    }
}

// MARK: - Making keys

extension EVPKey {
    /// A new private key with the exponent 65537.
    static func generate(bits: Int) throws(OpenSSLError) -> EVPKey {
        let context = try KeyContext()
        try OpenSSLError.check(unsafe EVP_PKEY_keygen_init(context.pointer), "EVP_PKEY_keygen_init")
        try OpenSSLError.check(
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, Int32(clamping: bits)),
            "EVP_PKEY_CTX_set_rsa_keygen_bits")
        var raw: OpaquePointer?
        try OpenSSLError.check(unsafe EVP_PKEY_generate(context.pointer, &raw), "EVP_PKEY_generate")
        guard let key = unsafe raw else { throw OpenSSLError.take("EVP_PKEY_generate") }
        return unsafe EVPKey(adopting: key)
    }

    /// A public key of big-endian numbers.
    static func publicKey(modulus: [UInt8], exponent: [UInt8]) throws(OpenSSLError) -> EVPKey {
        let modulus = try BigNumber(bytes: modulus)
        let exponent = try BigNumber(bytes: exponent)
        let parameters = try KeyParameters(modulus: modulus, exponent: exponent)
        let context = try KeyContext()
        try OpenSSLError.check(unsafe EVP_PKEY_fromdata_init(context.pointer), "EVP_PKEY_fromdata_init")
        var raw: OpaquePointer?
        try OpenSSLError.check(
            unsafe EVP_PKEY_fromdata(context.pointer, &raw, Self.publicSelection, parameters.pointer),
            "EVP_PKEY_fromdata")
        guard let key = unsafe raw else { throw OpenSSLError.take("EVP_PKEY_fromdata") }
        return unsafe EVPKey(adopting: key)
    }

    /// `EVP_PKEY_PUBLIC_KEY`, a macro over macros that the importer does not see.
    private static var publicSelection: Int32 { OSSL_KEYMGMT_SELECT_ALL_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY }

    /// The private key in `pem`, which must not be encrypted; `nil` when it is a key of another kind.
    static func privateKey(pem: String) throws(OpenSSLError) -> EVPKey? {
        let source = try MemoryBIO()
        try source.write(pem)
        ERR_clear_error()
        // Without a callback OpenSSL would ask for a passphrase at the terminal.
        guard let raw = unsafe PEM_read_bio_PrivateKey(source.pointer, nil, { _, _, _, _ in -1 }, nil) else {
            throw OpenSSLError.take("PEM_read_bio_PrivateKey")
        }
        let key = unsafe EVPKey(adopting: raw)
        guard unsafe EVP_PKEY_is_a(key.pointer, "RSA") == 1 else { return nil }
        return key
    }

    /// The private key as unencrypted PKCS #8 in PEM (RFC 7468).
    func privatePEM() throws(OpenSSLError) -> String {
        let target = try MemoryBIO()
        try OpenSSLError.check(
            unsafe PEM_write_bio_PrivateKey(target.pointer, self.pointer, nil, nil, 0, nil, nil),
            "PEM_write_bio_PrivateKey")
        return try target.readAll()
    }
}

/// Owns one `EVP_PKEY_CTX *` for RSA.
@safe private struct KeyContext: ~Copyable {
    let pointer: OpaquePointer
    private static let algorithm: StaticString = "RSA"

    init() throws(OpenSSLError) {
        guard let pointer = unsafe EVP_PKEY_CTX_new_from_name(nil, Self.algorithm.cString, nil) else {
            throw OpenSSLError.take("EVP_PKEY_CTX_new_from_name")
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe EVP_PKEY_CTX_free(self.pointer) }
}

/// Owns one `OSSL_PARAM` array with the numbers of a public key.
@safe private struct KeyParameters: ~Copyable {
    let pointer: UnsafeMutablePointer<OSSL_PARAM>

    init(modulus: borrowing BigNumber, exponent: borrowing BigNumber) throws(OpenSSLError) {
        guard let builder = unsafe OSSL_PARAM_BLD_new() else { throw OpenSSLError.take("OSSL_PARAM_BLD_new") }
        defer { unsafe OSSL_PARAM_BLD_free(builder) }
        try unsafe Self.push(modulus, as: "n", to: builder)
        try unsafe Self.push(exponent, as: "e", to: builder)
        // Copies the numbers, so they may go afterwards.
        guard let pointer = unsafe OSSL_PARAM_BLD_to_param(builder) else {
            throw OpenSSLError.take("OSSL_PARAM_BLD_to_param")
        }
        unsafe self.pointer = pointer
    }

    private static func push(
        _ number: borrowing BigNumber, as name: StaticString, to builder: OpaquePointer
    ) throws(OpenSSLError) {
        try OpenSSLError.check(
            unsafe OSSL_PARAM_BLD_push_BN(builder, name.cString, number.pointer), "OSSL_PARAM_BLD_push_BN")
    }

    deinit { unsafe OSSL_PARAM_free(self.pointer) }
}
