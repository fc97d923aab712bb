import JSON

/// The public keys of an issuer (RFC 7517, section 5).
public struct JWKSet: Sendable, Hashable {
    /// In the order they were given.
    public let keys: [JWK]

    /// How many keys a set may have. A search through so few needs no index.
    public static let keysMax = 16
    /// How large a document may be.
    public static let documentBytesMax = 65_536

    public init(keys: [JWK]) {
        self.keys = keys
    }

    /// Reads a document.
    ///
    /// Keys that are not for RS256 signatures, or are malformed or unsafe, are left out (RFC 7517, section 5), symmetric
    /// ones among them: no key in a set can ever be used with another algorithm than its own.
    ///
    /// - Throws: `JWKError.malformedSet` when it is no key set at all or has more than `keysMax` keys.
    public init(parsing document: [UInt8]) throws(JWKError) {
        let limits = JSONLimits(documentBytesMax: Self.documentBytesMax, depthMax: 8)
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(parsing: document, limits: limits)
        } catch {
            throw .malformedSet(error.description)
        }
        guard let elements = value["keys"]?.array else { throw .malformedSet("it has no array \"keys\"") }
        guard elements.count <= Self.keysMax else { throw .malformedSet("it has more than \(Self.keysMax) keys") }
        self.keys = elements.compactMap(Self.usable)
    }

    /// The first key that is named `id`.
    public func key(_ id: String) -> JWK? {
        self.keys.first { $0.keyID.utf8.elementsEqual(id.utf8) }
    }

    /// The set as a document, to be published.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 64 + 512 * self.keys.count)
        writer.beginObject()
        writer.key("keys")
        writer.beginArray()
        for key in self.keys {
            writer.beginObject()
            writer.field("kty", "RSA")
            writer.field("use", "sig")
            writer.field("alg", "RS256")
            writer.field("kid", key.keyID)
            writer.field("n", key.modulus)
            writer.field("e", key.exponent)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func usable(_ element: JSONValue) -> JWK? {
        guard element["kty"]?.string == "RSA", self.isOptional(element["use"], "sig"),
            self.isOptional(element["alg"], "RS256"), self.allowsVerifying(element["key_ops"]),
            let keyID = element["kid"]?.string, let modulus = element["n"]?.string,
            let exponent = element["e"]?.string
        else { return nil }
        // A key that cannot be used is as good as absent, and the specification says to go on without it.
        return try? JWK(keyID: keyID, modulus: modulus, exponent: exponent)
    }

    private static func isOptional(_ value: JSONValue?, _ expected: String) -> Bool {
        value == nil || value?.string == expected
    }

    private static func allowsVerifying(_ value: JSONValue?) -> Bool {
        value == nil || value?.array?.contains(.string("verify")) == true
    }
}
