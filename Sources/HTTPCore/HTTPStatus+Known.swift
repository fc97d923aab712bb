// The registered codes of RFC 9110 section 15 and of the IANA registry that this platform sends or may meet.

extension HTTPStatus {
    @inlinable public static var `continue`: HTTPStatus { HTTPStatus(100) }
    @inlinable public static var switchingProtocols: HTTPStatus { HTTPStatus(101) }
    @inlinable public static var earlyHints: HTTPStatus { HTTPStatus(103) }
    @inlinable public static var ok: HTTPStatus { HTTPStatus(200) }
    @inlinable public static var created: HTTPStatus { HTTPStatus(201) }
    @inlinable public static var accepted: HTTPStatus { HTTPStatus(202) }
    @inlinable public static var nonAuthoritativeInformation: HTTPStatus { HTTPStatus(203) }
    @inlinable public static var noContent: HTTPStatus { HTTPStatus(204) }
    @inlinable public static var resetContent: HTTPStatus { HTTPStatus(205) }
    @inlinable public static var partialContent: HTTPStatus { HTTPStatus(206) }
    @inlinable public static var multipleChoices: HTTPStatus { HTTPStatus(300) }
    @inlinable public static var movedPermanently: HTTPStatus { HTTPStatus(301) }
    @inlinable public static var found: HTTPStatus { HTTPStatus(302) }
    @inlinable public static var seeOther: HTTPStatus { HTTPStatus(303) }
    @inlinable public static var notModified: HTTPStatus { HTTPStatus(304) }
    @inlinable public static var temporaryRedirect: HTTPStatus { HTTPStatus(307) }
    @inlinable public static var permanentRedirect: HTTPStatus { HTTPStatus(308) }
    @inlinable public static var badRequest: HTTPStatus { HTTPStatus(400) }
    @inlinable public static var unauthorized: HTTPStatus { HTTPStatus(401) }
    @inlinable public static var paymentRequired: HTTPStatus { HTTPStatus(402) }
    @inlinable public static var forbidden: HTTPStatus { HTTPStatus(403) }
    @inlinable public static var notFound: HTTPStatus { HTTPStatus(404) }
    @inlinable public static var methodNotAllowed: HTTPStatus { HTTPStatus(405) }
    @inlinable public static var notAcceptable: HTTPStatus { HTTPStatus(406) }
    @inlinable public static var proxyAuthenticationRequired: HTTPStatus { HTTPStatus(407) }
    @inlinable public static var requestTimeout: HTTPStatus { HTTPStatus(408) }
    @inlinable public static var conflict: HTTPStatus { HTTPStatus(409) }
    @inlinable public static var gone: HTTPStatus { HTTPStatus(410) }
    @inlinable public static var lengthRequired: HTTPStatus { HTTPStatus(411) }
    @inlinable public static var preconditionFailed: HTTPStatus { HTTPStatus(412) }
    @inlinable public static var contentTooLarge: HTTPStatus { HTTPStatus(413) }
    @inlinable public static var uriTooLong: HTTPStatus { HTTPStatus(414) }
    @inlinable public static var unsupportedMediaType: HTTPStatus { HTTPStatus(415) }
    @inlinable public static var rangeNotSatisfiable: HTTPStatus { HTTPStatus(416) }
    @inlinable public static var expectationFailed: HTTPStatus { HTTPStatus(417) }
    @inlinable public static var misdirectedRequest: HTTPStatus { HTTPStatus(421) }
    @inlinable public static var unprocessableContent: HTTPStatus { HTTPStatus(422) }
    @inlinable public static var locked: HTTPStatus { HTTPStatus(423) }
    @inlinable public static var failedDependency: HTTPStatus { HTTPStatus(424) }
    @inlinable public static var tooEarly: HTTPStatus { HTTPStatus(425) }
    @inlinable public static var upgradeRequired: HTTPStatus { HTTPStatus(426) }
    @inlinable public static var preconditionRequired: HTTPStatus { HTTPStatus(428) }
    @inlinable public static var tooManyRequests: HTTPStatus { HTTPStatus(429) }
    @inlinable public static var requestHeaderFieldsTooLarge: HTTPStatus { HTTPStatus(431) }
    @inlinable public static var unavailableForLegalReasons: HTTPStatus { HTTPStatus(451) }
    @inlinable public static var internalServerError: HTTPStatus { HTTPStatus(500) }
    @inlinable public static var notImplemented: HTTPStatus { HTTPStatus(501) }
    @inlinable public static var badGateway: HTTPStatus { HTTPStatus(502) }
    @inlinable public static var serviceUnavailable: HTTPStatus { HTTPStatus(503) }
    @inlinable public static var gatewayTimeout: HTTPStatus { HTTPStatus(504) }
    @inlinable public static var httpVersionNotSupported: HTTPStatus { HTTPStatus(505) }
    @inlinable public static var insufficientStorage: HTTPStatus { HTTPStatus(507) }
    @inlinable public static var loopDetected: HTTPStatus { HTTPStatus(508) }
    @inlinable public static var networkAuthenticationRequired: HTTPStatus { HTTPStatus(511) }
}

extension HTTPStatus {
    /// The phrase of the registry; `Unknown` for a code that is not in it. Clients ignore it.
    public var reasonPhrase: StaticString {
        switch self.code {
        case 100: "Continue"
        case 101: "Switching Protocols"
        case 103: "Early Hints"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 423: "Locked"
        case 424: "Failed Dependency"
        case 425: "Too Early"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        case 508: "Loop Detected"
        case 511: "Network Authentication Required"
        default: "Unknown"
        }
    }

    /// The whole status line of a registered code, rendered once and for all; nil for other codes.
    var prerenderedLine: StaticString? {
        switch self.code {
        case 100: "HTTP/1.1 100 Continue\r\n"
        case 101: "HTTP/1.1 101 Switching Protocols\r\n"
        case 103: "HTTP/1.1 103 Early Hints\r\n"
        case 200: "HTTP/1.1 200 OK\r\n"
        case 201: "HTTP/1.1 201 Created\r\n"
        case 202: "HTTP/1.1 202 Accepted\r\n"
        case 203: "HTTP/1.1 203 Non-Authoritative Information\r\n"
        case 204: "HTTP/1.1 204 No Content\r\n"
        case 205: "HTTP/1.1 205 Reset Content\r\n"
        case 206: "HTTP/1.1 206 Partial Content\r\n"
        case 300: "HTTP/1.1 300 Multiple Choices\r\n"
        case 301: "HTTP/1.1 301 Moved Permanently\r\n"
        case 302: "HTTP/1.1 302 Found\r\n"
        case 303: "HTTP/1.1 303 See Other\r\n"
        case 304: "HTTP/1.1 304 Not Modified\r\n"
        case 307: "HTTP/1.1 307 Temporary Redirect\r\n"
        case 308: "HTTP/1.1 308 Permanent Redirect\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 401: "HTTP/1.1 401 Unauthorized\r\n"
        case 402: "HTTP/1.1 402 Payment Required\r\n"
        case 403: "HTTP/1.1 403 Forbidden\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 406: "HTTP/1.1 406 Not Acceptable\r\n"
        case 407: "HTTP/1.1 407 Proxy Authentication Required\r\n"
        case 408: "HTTP/1.1 408 Request Timeout\r\n"
        case 409: "HTTP/1.1 409 Conflict\r\n"
        case 410: "HTTP/1.1 410 Gone\r\n"
        case 411: "HTTP/1.1 411 Length Required\r\n"
        case 412: "HTTP/1.1 412 Precondition Failed\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 414: "HTTP/1.1 414 URI Too Long\r\n"
        case 415: "HTTP/1.1 415 Unsupported Media Type\r\n"
        case 416: "HTTP/1.1 416 Range Not Satisfiable\r\n"
        case 417: "HTTP/1.1 417 Expectation Failed\r\n"
        case 421: "HTTP/1.1 421 Misdirected Request\r\n"
        case 422: "HTTP/1.1 422 Unprocessable Content\r\n"
        case 423: "HTTP/1.1 423 Locked\r\n"
        case 424: "HTTP/1.1 424 Failed Dependency\r\n"
        case 425: "HTTP/1.1 425 Too Early\r\n"
        case 426: "HTTP/1.1 426 Upgrade Required\r\n"
        case 428: "HTTP/1.1 428 Precondition Required\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case 451: "HTTP/1.1 451 Unavailable For Legal Reasons\r\n"
        case 500: "HTTP/1.1 500 Internal Server Error\r\n"
        case 501: "HTTP/1.1 501 Not Implemented\r\n"
        case 502: "HTTP/1.1 502 Bad Gateway\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        case 504: "HTTP/1.1 504 Gateway Timeout\r\n"
        case 505: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
        case 507: "HTTP/1.1 507 Insufficient Storage\r\n"
        case 508: "HTTP/1.1 508 Loop Detected\r\n"
        case 511: "HTTP/1.1 511 Network Authentication Required\r\n"
        default: nil
        }
    }
}
