extension HTTP1Error.Kind {
    /// What a server answers when a request is refused for this.
    public var status: HTTPStatus {
        switch self {
        case .startLineTooLong: .uriTooLong
        case .methodTooLong, .connectNotSupported, .unsupportedTransferCoding: .notImplemented
        case .versionNotSupported: .httpVersionNotSupported
        case .unsupportedExpectation: .expectationFailed
        case .fieldLineTooLong, .headTooLarge, .tooManyFields, .trailersTooLarge: .requestHeaderFieldsTooLarge
        case .contentTooLarge: .contentTooLarge
        default: .badRequest
        }
    }

    /// One sentence for a person, which quotes nothing the peer sent.
    public var message: String {
        switch self {
        case .startLineTooLong: "The first line is too long."
        case .invalidMethod: "The method is not a token."
        case .methodTooLong: "The method is longer than any that is implemented."
        case .invalidRequestLine:
            "The request line is not a method, a target and a version with one space between each."
        case .invalidTarget: "The request target is not a valid URI reference."
        case .targetHasFragment: "The request target has a fragment."
        case .targetHasUserinfo: "The request target has user information in its authority."
        case .invalidPercentEncoding: "The path has a percent sign without two hexadecimal digits after it."
        case .connectNotSupported: "The CONNECT method is not implemented."
        case .unsupportedScheme: "The scheme of the request target is neither http nor https."
        case .invalidVersion: "The protocol version is not written as HTTP/ digit . digit."
        case .versionNotSupported: "The protocol version is neither HTTP/1.1 nor HTTP/1.0."
        case .invalidStatusLine: "The status line is malformed."
        case .invalidStatusCode: "The status code is not a number from 100 to 599."
        case .bareLineFeed: "A line ends with a line feed alone."
        case .bareCarriageReturn: "A carriage return is not followed by a line feed."
        case .controlCharacter: "A field or the first line contains a control character."
        case .tooManyEmptyLines: "There are too many empty lines before the request line."
        case .foldedLine: "A line begins with white space."
        case .emptyFieldName: "A field has no name."
        case .invalidFieldName: "A field name is not a token."
        case .whitespaceBeforeColon: "There is white space between a field name and its colon."
        case .missingColon: "A field line has no colon."
        case .fieldLineTooLong: "A field line is too long."
        case .headTooLarge: "The header section is too large."
        case .tooManyFields: "There are too many fields."
        case .missingHost: "The Host field is missing."
        case .repeatedHost: "There is more than one Host field."
        case .invalidHost: "The host is not a valid name or address with an optional port."
        case .unsupportedExpectation: "The only expectation that can be met is 100-continue."
        case .invalidContentLength: "The Content-Length is not a decimal number."
        case .contentLengthOverflow: "The Content-Length is too large a number."
        case .repeatedContentLength: "There is more than one Content-Length."
        case .contentLengthWithTransferEncoding: "There are both a Content-Length and a Transfer-Encoding."
        case .invalidTransferEncoding: "The Transfer-Encoding does not end with chunked, applied once."
        case .repeatedTransferEncoding: "There is more than one Transfer-Encoding field."
        case .unsupportedTransferCoding: "The only transfer coding that is implemented is chunked."
        case .transferEncodingInHTTP10: "A message in HTTP/1.0 has a Transfer-Encoding."
        case .invalidChunkSize: "A chunk size is not a hexadecimal number."
        case .chunkSizeOverflow: "A chunk size is too large a number."
        case .chunkLineTooLong: "The line that begins a chunk is too long."
        case .invalidChunkExtension: "A chunk extension contains a control character."
        case .chunkExtensionsTooLarge: "The chunk extensions are too large in all."
        case .missingChunkEnd: "A chunk is not followed by a line end."
        case .trailersTooLarge: "The trailer section is too large."
        case .contentTooLarge: "The content is too large."
        case .truncated: "The connection closed before the end of the content."
        }
    }
}
