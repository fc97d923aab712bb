import JSON

/// A token taken apart at its dots (RFC 7515, section 3.1); nothing in it is decoded or believed yet.
@unsafe struct CompactToken {
    let header: UnsafeBufferPointer<UInt8>
    let payload: UnsafeBufferPointer<UInt8>
    let signature: UnsafeBufferPointer<UInt8>
    /// Header, dot and payload: what was signed.
    let signedContent: UnsafeBufferPointer<UInt8>

    init(_ token: UnsafeBufferPointer<UInt8>) throws(TokenError) {
        guard let first = unsafe token.firstIndex(of: UInt8(ascii: ".")),
            let last = unsafe token.lastIndex(of: UInt8(ascii: ".")), first < last,
            unsafe !token[(first + 1)..<last].contains(UInt8(ascii: "."))
        else { throw .malformed(.structure) }
        unsafe self.header = UnsafeBufferPointer(rebasing: token[..<first])
        unsafe self.payload = UnsafeBufferPointer(rebasing: token[(first + 1)..<last])
        unsafe self.signature = UnsafeBufferPointer(rebasing: token[(last + 1)...])
        unsafe self.signedContent = UnsafeBufferPointer(rebasing: token[..<last])
    }
}

/// The header of a token that is signed as every token must be.
struct TokenHeader {
    /// `kid`.
    let keyID: String

    /// Reads and judges a header before any key is touched.
    ///
    /// Keys that a header brings along or points to (`jwk`, `jku`, `x5c`, `x5u`) are not even looked at.
    ///
    /// - Throws: a `TokenError` that says what is wrong with it.
    init(_ encoded: UnsafeBufferPointer<UInt8>) throws(TokenError) {
        guard let bytes = unsafe Base64URL.bytes(encoded),
            let object = (try? JSONValue(parsing: bytes, limits: Self.limits))?.object
        else { throw .malformed(.header) }
        guard object["alg"]?.string == "RS256" else { throw .unsupportedAlgorithm }
        guard object["crit"] == nil else { throw .unsupportedExtension }
        if let type = object["typ"] { try Self.check(type: type) }
        guard let keyID = object["kid"]?.string, !keyID.isEmpty else { throw .missingKeyID }
        self.keyID = keyID
    }

    /// Media types are compared without regard to case, and may leave `application/` out (RFC 7515, section 4.1.9).
    private static func check(type: JSONValue) throws(TokenError) {
        guard let name = type.string?.lowercased(), ["at+jwt", "jwt", "application/at+jwt"].contains(name) else {
            throw .unsupportedType
        }
    }

    private static let limits = JSONLimits(documentBytesMax: 2_048, depthMax: 8)
}
