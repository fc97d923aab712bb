/// Why a token is not accepted. Each description may be told to whoever sent the token.
public enum TokenError: Error, Sendable, Hashable {
    /// More bytes than `TokenVerifier.tokenBytesMax`.
    case tooLarge(bytesMax: Int)
    /// Not three parts, or a part that is not canonical base64url or not the JSON it must be.
    case malformed(TokenPart)
    /// The header names another algorithm than RS256, `none` and the HMAC ones among them.
    case unsupportedAlgorithm
    /// The header says that this is another kind of token.
    case unsupportedType
    /// The header demands an extension that this verifier does not know (RFC 7515, section 4.1.11).
    case unsupportedExtension
    /// The header names no key.
    case missingKeyID
    /// The header names a key that is not among those given. It may be newer than they are: fetch them anew, at most as
    /// often as a limit of your own allows.
    case unknownKey
    /// The signature is not that of the named key over this content.
    case badSignature
    /// A claim that every token must have is missing or of the wrong type.
    case malformedClaim(String)
    case wrongIssuer
    case wrongAudience
    /// Past `exp` and the leeway.
    case expired
    /// Before `nbf`, or issued in the future, by more than the leeway.
    case notYetValid
}

/// One of the three parts of a token, or their arrangement.
public enum TokenPart: String, Sendable, Hashable {
    case structure
    case header
    case payload
    case signature
}

extension TokenError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let bytesMax): "the token is larger than \(bytesMax) bytes"
        case .malformed(.structure): "the token has not three parts"
        case .malformed(let part): "the token's \(part.rawValue) is malformed"
        case .unsupportedAlgorithm: "the token is not signed with RS256"
        case .unsupportedType: "the token is not an access token"
        case .unsupportedExtension: "the token demands an extension that is not supported"
        case .missingKeyID: "the token names no key"
        case .unknownKey: "the token is signed with an unknown key"
        case .badSignature: "the token's signature is wrong"
        case .malformedClaim(let name): "the token's claim \(name) is missing or malformed"
        case .wrongIssuer: "the token comes from another issuer"
        case .wrongAudience: "the token is meant for another audience"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        }
    }
}
