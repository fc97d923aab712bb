/// A private RSA key that signs access tokens with RS256 (RFC 7518, section 3.3).
public struct SigningKey: Sendable {
    /// The RFC 7638 thumbprint of the public half: the same key has the same name wherever it is loaded.
    public let keyID: String
    /// What verifiers need.
    public let publicJWK: JWK

    private let key: SharedKey
    /// The header of every token of this key, encoded, with its dot.
    private let encodedHeader: String

    private init(_ key: consuming EVPKey) throws(SigningKeyError) {
        guard JWK.bitsRange.contains(key.bits) else { throw .unsafeSize(bits: key.bits) }
        self.key = SharedKey(key)
        do throws(OpenSSLError) {
            self.publicJWK = try JWK(publicHalfOf: self.key)
        } catch {
            throw .library(error)
        }
        self.keyID = self.publicJWK.keyID
        // A thumbprint is base64url: nothing in it needs an escape.
        let header = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"\(self.keyID)\"}"
        self.encodedHeader = Base64URL.text(Array(header.utf8)) + "."
    }

    /// A new key: about a tenth of a second of work for 2048 bits, so not on an event loop.
    ///
    /// - Parameter bits: 2048 to 8192.
    public static func generate(bits: Int = 2048) throws(SigningKeyError) -> SigningKey {
        guard JWK.bitsRange.contains(bits) else { throw .unsafeSize(bits: bits) }
        let key: EVPKey
        do throws(OpenSSLError) {
            key = try EVPKey.generate(bits: bits)
        } catch {
            throw .library(error)
        }
        return try SigningKey(key)
    }

    /// Reads a key in PEM: PKCS #8 or PKCS #1, not encrypted.
    ///
    /// - Throws: `SigningKeyError` when it is not a private RSA key of 2048 to 8192 bits.
    public init(pem: String) throws(SigningKeyError) {
        guard pem.utf8.count <= Self.pemBytesMax else { throw .malformed }
        let key: EVPKey?
        do throws(OpenSSLError) {
            key = try EVPKey.privateKey(pem: pem)
        } catch {
            throw .malformed
        }
        guard let key else { throw .notRSA }
        try self.init(key)
    }

    /// The key as unencrypted PKCS #8 in PEM (RFC 7468): a secret, to be stored where only the issuer reads.
    public var pem: String {
        get throws(SigningKeyError) {
            do throws(OpenSSLError) {
                return try self.key.key.privatePEM()
            } catch {
                throw .library(error)
            }
        }
    }

    /// Signs a token: about half a millisecond of work for 2048 bits.
    public func sign(_ claims: AccessTokenClaims) throws(SigningKeyError) -> String {
        let signed = self.encodedHeader + Base64URL.text(claims.json())
        return signed + "." + Base64URL.text(try self.signature(of: Array(signed.utf8)))
    }

    /// The RS256 signature of any bytes.
    public func signature(of message: [UInt8]) throws(SigningKeyError) -> [UInt8] {
        let key = self.key
        let signature = unsafe message.withUnsafeBufferPointer { message in
            Result { () throws(OpenSSLError) in unsafe try DigestContext().sign(message, with: key.key) }
        }
        return try signature.mapError(SigningKeyError.library).get()
    }

    private static let pemBytesMax = 16_384
}

/// A key is a secret: it shows its name only.
extension SigningKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "SigningKey(\(self.keyID))" }
    public var customMirror: Mirror { Mirror(self, children: ["keyID": self.keyID]) }
}

/// Why there is no usable signing key, or no signature.
public enum SigningKeyError: Error, Sendable, Hashable {
    /// Not a private key in PEM, or an encrypted one.
    case malformed
    case notRSA
    /// Outside of 2048 to 8192 bits.
    case unsafeSize(bits: Int)
    case library(OpenSSLError)
}

extension SigningKeyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed: "not an unencrypted private key in PEM"
        case .notRSA: "not an RSA key"
        case .unsafeSize(let bits): "a key of \(bits) bits is outside of \(JWK.bitsRange)"
        case .library(let error): error.description
        }
    }
}
