/// Why a body is no request of OTLP.
enum OTLPDecodingError: Error, Sendable, Hashable {
    /// It is not what its content type says, or has a field of another kind than it should be. Not to be sent again.
    case malformed(String)
    /// It takes more memory than there is for one.
    case tooLarge(String)
}
