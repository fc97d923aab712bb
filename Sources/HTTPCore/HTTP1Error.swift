/// Why bytes from a peer are not an acceptable HTTP/1.1 message. The connection cannot be used any further: where the
/// next message would begin is unknown.
public struct HTTP1Error: Error, Sendable, Hashable, CustomStringConvertible {
    public let kind: Kind
    public let origin: Origin

    /// Which message was malformed.
    public enum Origin: Sendable, Hashable { case request, response }

    package init(_ kind: Kind, in origin: Origin = .request) {
        self.kind = kind
        self.origin = origin
    }

    /// What to answer to the client: the kind's status for a request of its own, 502 for what an upstream sent.
    public var status: HTTPStatus { self.origin == .request ? self.kind.status : .badGateway }

    /// One sentence that quotes nothing the peer sent.
    public var message: String { self.kind.message }
    public var description: String { "\(self.origin) refused: \(self.message)" }

    /// Every refusal, each with one status and one sentence.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        // The start line
        case startLineTooLong, invalidMethod, methodTooLong, invalidRequestLine, invalidTarget, targetHasFragment
        case targetHasUserinfo, invalidPercentEncoding, connectNotSupported, unsupportedScheme, invalidVersion
        case versionNotSupported, invalidStatusLine, invalidStatusCode
        // Lines
        case bareLineFeed, bareCarriageReturn, controlCharacter, tooManyEmptyLines
        // Fields
        case foldedLine, emptyFieldName, invalidFieldName, whitespaceBeforeColon, missingColon
        case fieldLineTooLong, headTooLarge, tooManyFields
        case missingHost, repeatedHost, invalidHost, unsupportedExpectation
        // Framing
        case invalidContentLength, contentLengthOverflow, repeatedContentLength, contentLengthWithTransferEncoding
        case invalidTransferEncoding, repeatedTransferEncoding, unsupportedTransferCoding, transferEncodingInHTTP10
        // Content
        case invalidChunkSize, chunkSizeOverflow, chunkLineTooLong, invalidChunkExtension, chunkExtensionsTooLarge
        case missingChunkEnd, trailersTooLarge, contentTooLarge, truncated
    }
}
