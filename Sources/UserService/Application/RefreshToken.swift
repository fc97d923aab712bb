import Security

/// A refresh token as its holder has it: 256 random bits in hexadecimal. Exists only on its way out.
struct RefreshToken: Sendable {
    private static let bytes = 32

    let text: String

    static func random() -> RefreshToken { RefreshToken(text: Random.hex(Self.bytes)) }

    var digest: RefreshTokenDigest { RefreshTokenDigest(of: self.text) }
}

extension RefreshToken: CustomStringConvertible, CustomReflectable {
    var description: String { "[refresh token]" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What is stored of a refresh token: its SHA-256. The token is random, so neither salt nor stretching would add
/// anything, and looking the digest up in an index tells nothing about a token through timing.
struct RefreshTokenDigest: Sendable, Hashable {
    let bytes: [UInt8]

    init(of text: String) { self.bytes = SHA256.digest(Array(text.utf8)) }
}
