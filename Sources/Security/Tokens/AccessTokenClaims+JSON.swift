import JSON

extension AccessTokenClaims {
    /// The claims as a token carries them.
    func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 384)
        writer.beginObject()
        writer.field("iss", self.issuer)
        writer.field("sub", self.subject)
        writer.field("aud", self.audience)
        writer.field("iat", self.issuedAt)
        if let notBefore = self.notBefore { writer.field("nbf", notBefore) }
        writer.field("exp", self.expiresAt)
        writer.field("jti", self.tokenID)
        writer.key("roles")
        writer.beginArray()
        for role in self.roles { writer.value(role) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// Reads the claims of a token that is meant for `audience`.
    ///
    /// - Throws: `malformed(.payload)`, `malformedClaim`, or `wrongAudience` when `audience` is not among those named.
    init(parsing payload: [UInt8], audience: String) throws(TokenError) {
        // Read only after the signature was found right, so a mistake here is the issuer's.
        guard let object = (try? JSONValue(parsing: payload, limits: Self.limits))?.object else {
            throw .malformed(.payload)
        }
        guard try Self.audiences(object).contains(audience) else { throw .wrongAudience }
        self.init(
            subject: try Self.text("sub", object), roles: try Self.roles(object),
            issuedAt: try Self.seconds("iat", object), expiresAt: try Self.seconds("exp", object),
            tokenID: try Self.text("jti", object), issuer: try Self.text("iss", object), audience: audience,
            notBefore: object["nbf"] == nil ? nil : try Self.seconds("nbf", object))
    }

    private static let limits = JSONLimits(documentBytesMax: TokenVerifier.tokenBytesMax, depthMax: 8)
    private static let rolesMax = 32

    private static func text(_ name: String, _ object: JSONObject) throws(TokenError) -> String {
        guard let text = object[name]?.string, !text.isEmpty else { throw .malformedClaim(name) }
        return text
    }

    /// A NumericDate (RFC 7519, section 2), which may have a fraction; it is cut off.
    private static func seconds(_ name: String, _ object: JSONObject) throws(TokenError) -> Int {
        guard let number = object[name]?.number else { throw .malformedClaim(name) }
        if let whole = number.int { return whole }
        guard let fraction = number.double, let whole = Int(exactly: fraction.rounded(.down)) else {
            throw .malformedClaim(name)
        }
        return whole
    }

    /// One text or a list of them (RFC 7519, section 4.1.3).
    private static func audiences(_ object: JSONObject) throws(TokenError) -> [String] {
        switch object["aud"] {
        case .string(let one): return [one]
        case .array(let several): return try self.texts("aud", several)
        default: throw .malformedClaim("aud")
        }
    }

    private static func roles(_ object: JSONObject) throws(TokenError) -> [String] {
        guard let value = object["roles"] else { return [] }
        guard let elements = value.array, elements.count <= self.rolesMax else { throw .malformedClaim("roles") }
        return try self.texts("roles", elements)
    }

    private static func texts(_ name: String, _ elements: [JSONValue]) throws(TokenError) -> [String] {
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { throw .malformedClaim(name) }
        return texts
    }
}
