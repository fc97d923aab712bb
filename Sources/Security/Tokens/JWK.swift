/// The public half of a signing key (RFC 7517), ready to verify with.
public struct JWK: Sendable {
    /// `kid`: by which tokens name it.
    public let keyID: String
    /// `n`: the modulus, base64url.
    public let modulus: String
    /// `e`: the exponent, base64url.
    public let exponent: String

    private let key: SharedKey

    /// A key of at least 2048 and at most 8192 bits.
    ///
    /// - Throws: `JWKError` for numbers that are malformed or unsafe: too small, so large that verifying would take long,
    ///   even, or an exponent of 1, with which anything verifies.
    public init(keyID: String, modulus: String, exponent: String) throws(JWKError) {
        guard !keyID.isEmpty, keyID.utf8.count <= Self.keyIDBytesMax else { throw .malformed("kid") }
        guard let n = Self.number(modulus), n.count <= Self.bitsRange.upperBound / 8 else { throw .malformed("n") }
        guard let e = Self.number(exponent), e.count <= Self.exponentBytesMax, e != [1] else { throw .malformed("e") }
        do throws(OpenSSLError) {
            self.key = SharedKey(try EVPKey.publicKey(modulus: n, exponent: e))
        } catch {
            throw .library(error)
        }
        guard Self.bitsRange.contains(self.key.key.bits) else { throw .unsafeSize(bits: self.key.key.bits) }
        self.keyID = keyID
        self.modulus = modulus
        self.exponent = exponent
    }

    /// The public half of a private key, under its RFC 7638 thumbprint.
    init(publicHalfOf key: SharedKey) throws(OpenSSLError) {
        self.modulus = Base64URL.text(try key.key.modulus())
        self.exponent = Base64URL.text(try key.key.exponent())
        self.keyID = Self.thumbprint(modulus: self.modulus, exponent: self.exponent)
        self.key = key
    }

    /// SHA-256 over the required members in alphabetical order (RFC 7638, section 3), base64url.
    public var thumbprint: String { Self.thumbprint(modulus: self.modulus, exponent: self.exponent) }

    /// Whether `signature` is this key's RS256 signature of `message`.
    public func verifies(_ signature: [UInt8], of message: UnsafeBufferPointer<UInt8>) -> Bool {
        // Cheaper than finding out by computing, and a longer one would be a second spelling.
        guard signature.count == self.key.key.modulusBytes, let context = try? DigestContext() else { return false }
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe context.verify(signature, of: message, with: self.key.key)
        }
    }

    /// The sizes accepted, in bits.
    static let bitsRange = 2048...8192
    private static let exponentBytesMax = 8
    private static let keyIDBytesMax = 128

    /// An odd number without leading zeros.
    private static func number(_ text: String) -> [UInt8]? {
        guard let bytes = Base64URL.bytes(text.utf8), let first = bytes.first, let last = bytes.last else { return nil }
        return first != 0 && last & 1 == 1 ? bytes : nil
    }

    private static func thumbprint(modulus: String, exponent: String) -> String {
        let members = "{\"e\":\"\(exponent)\",\"kty\":\"RSA\",\"n\":\"\(modulus)\"}"
        return Base64URL.text(SHA256.digest(Array(members.utf8)))
    }
}

/// Two keys are the same when what is published of them is.
extension JWK: Hashable {
    public static func == (left: JWK, right: JWK) -> Bool {
        left.keyID == right.keyID && left.modulus == right.modulus && left.exponent == right.exponent
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.keyID)
        hasher.combine(self.modulus)
    }
}

/// A key that values share.
final class SharedKey: Sendable {
    let key: EVPKey

    init(_ key: consuming EVPKey) { self.key = key }
}
