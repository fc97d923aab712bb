import HTTPCore
import Testing

/// A request that must be refused, with the reason and the status that go with it.
struct Hostile: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let kind: HTTP1Error.Kind
    let status: Int

    init(_ text: String, _ kind: HTTP1Error.Kind, _ status: Int = 400) {
        self.bytes = .wire(text)
        self.kind = kind
        self.status = status
    }

    init(bytes: [UInt8], _ kind: HTTP1Error.Kind, _ status: Int = 400) {
        self.bytes = bytes
        self.kind = kind
        self.status = status
    }

    var testDescription: String { "\(self.kind): \(String(reflecting: utf8(Array(self.bytes.prefix(100)))))" }

    static let requests: [Hostile] =
        startLines + versions + targets + lines + hosts + lengths + codings + chunks + trailers

    private static func line(_ line: String, _ kind: HTTP1Error.Kind, _ status: Int = 400) -> Hostile {
        Hostile(requestHead(line: line), kind, status)
    }

    private static func field(_ line: String, _ kind: HTTP1Error.Kind, _ status: Int = 400) -> Hostile {
        Hostile(requestHead(line), kind, status)
    }

    private static func chunked(_ body: String, _ kind: HTTP1Error.Kind, _ status: Int = 400) -> Hostile {
        Hostile(requestHead("Transfer-Encoding: chunked", line: "POST / HTTP/1.1") + body, kind, status)
    }

    private static let startLines: [Hostile] = [
        Hostile(" GET / HTTP/1.1\r\n", .invalidMethod),
        Hostile("\u{16}\u{3}\u{1}\u{2}", .invalidMethod),
        Hostile(bytes: [0], .invalidMethod),
        Hostile("(GET) / HTTP/1.1\r\n", .invalidMethod),
        line("GE\u{0}T / HTTP/1.1", .invalidMethod),
        line("G\u{E9}T / HTTP/1.1", .invalidMethod),
        line("GET\t/ HTTP/1.1", .invalidMethod),
        line("GET:/ HTTP/1.1", .invalidMethod),
        line("GET", .invalidRequestLine),
        line("GET ", .invalidRequestLine),
        line("GET /", .invalidRequestLine),
        line("GET / ", .invalidRequestLine),
        line("GET  / HTTP/1.1", .invalidRequestLine),
        line("GET /  HTTP/1.1", .invalidRequestLine),
        line("GET / HTTP/1.1 ", .invalidRequestLine),
        line("GET / HTTP/1.1\t", .invalidRequestLine),
        line("GET / a HTTP/1.1", .invalidRequestLine),
        line("GET HTTP/1.1", .invalidTarget),
        line(String(repeating: "M", count: 33) + " / HTTP/1.1", .methodTooLong, 501),
        line("CONNECT a:443 HTTP/1.1", .connectNotSupported, 501),
        line("CONNECT / HTTP/1.1", .connectNotSupported, 501),
        Hostile("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        Hostile("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        Hostile("GET / HTTP/1.1\rHost: a\r\n\r\n", .bareCarriageReturn),
        Hostile("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
        Hostile("\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .tooManyEmptyLines),
    ]

    private static let versions: [Hostile] = [
        line("GET / HTTP/2.0", .versionNotSupported, 505),
        line("GET / HTTP/0.9", .versionNotSupported, 505),
        line("GET / HTTP/1.2", .versionNotSupported, 505),
        line("GET / HTTP/3.0", .versionNotSupported, 505),
        line("GET * HTTP/1.1", .invalidTarget),
        Hostile("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported, 505),
        line("OPTIONS * HTTP/2.0", .versionNotSupported, 505),
        line("GET / http/1.1", .invalidVersion),
        line("GET / HTTP/1.10", .invalidVersion),
        line("GET / HTTP/11.1", .invalidVersion),
        line("GET / HTTP/1", .invalidVersion),
        line("GET / HTTP/1,1", .invalidVersion),
        line("GET / HTTP /1.1", .invalidRequestLine),
        line("GET / HTTPS/1.1", .invalidVersion),
        line("GET / HTTP/1.1\u{0}", .invalidVersion),
        line("GET / \u{B}HTTP/1.1", .invalidVersion),
    ]

    private static let targets: [Hostile] = [
        line("GET /#top HTTP/1.1", .targetHasFragment),
        line("GET /?a#b HTTP/1.1", .targetHasFragment),
        line("GET /caf\u{E9} HTTP/1.1", .invalidTarget),
        line("GET /?q=\u{E9} HTTP/1.1", .invalidTarget),
        line("GET /a\u{0}b HTTP/1.1", .invalidTarget),
        line("GET /a\tb HTTP/1.1", .invalidTarget),
        line("GET /a\u{7F} HTTP/1.1", .invalidTarget),
        line("GET /?a\u{1} HTTP/1.1", .invalidTarget),
        line("GET /a\\b HTTP/1.1", .invalidTarget),
        line("GET /<script> HTTP/1.1", .invalidTarget),
        line("GET /\"x\" HTTP/1.1", .invalidTarget),
        line("GET /[a] HTTP/1.1", .invalidTarget),
        line("GET /{id} HTTP/1.1", .invalidTarget),
        line("GET /% HTTP/1.1", .invalidPercentEncoding),
        line("GET /%2 HTTP/1.1", .invalidPercentEncoding),
        line("GET /%zz HTTP/1.1", .invalidPercentEncoding),
        line("GET /%+1 HTTP/1.1", .invalidPercentEncoding),
        line("GET /a%", .invalidPercentEncoding),
        line("GET a HTTP/1.1", .invalidTarget),
        line("GET ?a HTTP/1.1", .invalidTarget),
        line("GET * HTTP/1.1", .invalidTarget),
        line("OPTIONS ** HTTP/1.1", .invalidTarget),
        line("OPTIONS *?a HTTP/1.1", .invalidTarget),
        line("GET example.com:80 HTTP/1.1", .invalidTarget),
        line("GET ftp://a/ HTTP/1.1", .unsupportedScheme),
        line("GET ws://a/ HTTP/1.1", .unsupportedScheme),
        line("GET ://a/ HTTP/1.1", .invalidTarget),
        line("GET http:/a HTTP/1.1", .invalidTarget),
        line("GET http:///a HTTP/1.1", .invalidHost),
        line("GET http:// HTTP/1.1", .invalidHost),
        line("GET http://u:p@a/ HTTP/1.1", .targetHasUserinfo),
        line("GET http://@a/ HTTP/1.1", .targetHasUserinfo),
        line("GET http://a:b/ HTTP/1.1", .invalidHost),
        line("GET http://a#b HTTP/1.1", .targetHasFragment),
        line("GET http://a\\b/ HTTP/1.1", .invalidHost),
    ]

    private static let lines: [Hostile] = [
        Hostile("GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", .bareLineFeed),
        Hostile("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\n", .bareLineFeed),
        Hostile("GET / HTTP/1.1\r\nHost: a\r\nX: 1\n\r\n", .bareLineFeed),
        field("X: a\rb", .bareCarriageReturn),
        field("X\rY: b", .bareCarriageReturn),
        field("X: a\r", .bareCarriageReturn),
        field("\rX: a", .bareCarriageReturn),
        field("X: a\u{0}b", .controlCharacter),
        field("X: a\u{1}b", .controlCharacter),
        field("X: \u{B}chunked", .controlCharacter),
        field("X: a\u{7F}", .controlCharacter),
        field("X: 0123456789abcdef\u{8}0123456789abcdef", .controlCharacter),
        field("X\u{0}: a", .controlCharacter),
        field("X\u{7F}: a", .controlCharacter),
        field(" folded", .foldedLine),
        field("\tfolded", .foldedLine),
        field(" X: y", .foldedLine),
        Hostile("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedLine),
        Hostile("GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n", .foldedLine),
        field(": a", .emptyFieldName),
        field(":", .emptyFieldName),
        field("X : a", .whitespaceBeforeColon),
        field("X\t: a", .whitespaceBeforeColon),
        field("Content-Length : 5", .whitespaceBeforeColon),
        field("Transfer-Encoding : chunked", .whitespaceBeforeColon),
        field("X Y: a", .whitespaceBeforeColon),
        field("X", .missingColon),
        field("GET / HTTP/1.1", .whitespaceBeforeColon),
        field("X(: a", .invalidFieldName),
        field("X\u{E9}: a", .invalidFieldName),
        field("\"X\": a", .invalidFieldName),
        field("X/Y: a", .invalidFieldName),
        field("X@: a", .invalidFieldName),
        field(String(repeating: "n", count: 1_025) + ": a", .fieldLineTooLong, 431),
    ]

    private static let hosts: [Hostile] =
        [
            Hostile(requestHead(host: nil), .missingHost),
            Hostile("GET / HTTP/1.1\r\n\r\n", .missingHost),
            Hostile("GET http://a/ HTTP/1.1\r\n\r\n", .missingHost),
            field("Host: a", .repeatedHost),
            field("HOST: b", .repeatedHost),
            Hostile(requestHead("Host: b", line: "GET / HTTP/1.0"), .repeatedHost),
            Hostile(requestHead("Host: b", line: "GET http://a/ HTTP/1.1"), .repeatedHost),
        ]
        + [
            "", "a b", "a,b", "a/b", "a?b", "a#b", "u@a", "a:", "a:b", "a:80:80", "a:65536", "a:123456", ":80", "[::1",
            "[]", "[:]",
            "[::1]x", "[::1]:", "[fe80::1%25eth0]", "a%41", "caf\u{E9}", "a\\b", "a:-1", "a:+1", "a\tb", "<a>", "a;b",
            "http://a",
        ].map { Hostile(requestHead(host: $0), .invalidHost) }

    private static let lengths: [Hostile] =
        ["", "-1", "+5", "5 5", "5,5", "5, 5", "5;", "0x5", "5.0", "abc", "1e3", "\u{FF11}", "'5'", "5\t5", "1_000"].map
    {
        Hostile(requestHead("Content-Length: \($0)", line: "POST / HTTP/1.1"), .invalidContentLength)
    } + [
        field("Content-Length: 9223372036854775808", .contentLengthOverflow),
        field("Content-Length: 99999999999999999999999999999999", .contentLengthOverflow),
        Hostile(requestHead("Content-Length: 5", "Content-Length: 5"), .repeatedContentLength),
        Hostile(requestHead("Content-Length: 5", "content-length: 6"), .repeatedContentLength),
        Hostile(requestHead("Content-Length: 0", "X: y", "CONTENT-LENGTH: 0"), .repeatedContentLength),
    ]

    private static let codings: [Hostile] =
        [
            "", "identity", "gzip", "chunked, gzip", "chunked, chunked", "chunked,", ", chunked", "chunked;q=1",
            "xchunked", "chunke",
            "chunked x", "\"chunked\"", "gzip, chunked, chunked", "chunked, identity",
        ].map { Hostile(requestHead("Transfer-Encoding: \($0)", line: "POST / HTTP/1.1"), .invalidTransferEncoding) }
        + [
            field("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding, 501),
            field("Transfer-Encoding: identity, chunked", .unsupportedTransferCoding, 501),
            Hostile(requestHead("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .repeatedTransferEncoding),
            Hostile(requestHead("Transfer-Encoding: chunked", "transfer-encoding: gzip"), .repeatedTransferEncoding),
            Hostile(
                requestHead("Transfer-Encoding: chunked", "Content-Length: 5"), .contentLengthWithTransferEncoding),
            Hostile(
                requestHead("Content-Length: 0", "Transfer-Encoding: chunked"), .contentLengthWithTransferEncoding),
            Hostile(
                requestHead("Transfer-Encoding: chunked", line: "POST / HTTP/1.0"), .transferEncodingInHTTP10),
            field("Expect: 200-ok", .unsupportedExpectation, 417),
        ]

    private static let chunks: [Hostile] = [
        chunked("\r\n", .invalidChunkSize),
        chunked(";x\r\n", .invalidChunkSize),
        chunked(" 5\r\nhello\r\n", .invalidChunkSize),
        chunked("5 \r\nhello\r\n", .invalidChunkSize),
        chunked("5 ;x\r\nhello\r\n", .invalidChunkSize),
        chunked("+5\r\nhello\r\n", .invalidChunkSize),
        chunked("-5\r\nhello\r\n", .invalidChunkSize),
        chunked("0x5\r\nhello\r\n", .invalidChunkSize),
        chunked("5_\r\nhello\r\n", .invalidChunkSize),
        chunked("g\r\n", .invalidChunkSize),
        chunked("5\u{0}\r\n", .invalidChunkSize),
        chunked("5\nhello\r\n", .bareLineFeed),
        chunked("5;x\nhello\r\n", .bareLineFeed),
        chunked("5\rhello\r\n", .bareCarriageReturn),
        chunked("5;x\r;y\r\nhello\r\n", .bareCarriageReturn),
        chunked("5;x\u{0}\r\n", .invalidChunkExtension),
        chunked("5;x\u{7F}\r\n", .invalidChunkExtension),
        chunked("8000000000000000\r\n", .chunkSizeOverflow),
        chunked("FFFFFFFFFFFFFFFF\r\n", .chunkSizeOverflow),
        chunked("10000000000000005\r\nhello\r\n", .chunkSizeOverflow),
        chunked(String(repeating: "0", count: 127) + "5\r\n", .chunkLineTooLong),
        chunked("5;" + String(repeating: "x", count: 125) + "\r\n", .chunkLineTooLong),
        chunked("5\r\nhello5\r\n", .missingChunkEnd),
        chunked("5\r\nhello\n", .missingChunkEnd),
        chunked("5\r\nhello\r5", .missingChunkEnd),
        chunked("5\r\nhelloworld\r\n0\r\n\r\n", .missingChunkEnd),
        chunked("5\r\nhello\r\n\r\n", .invalidChunkSize),
        chunked("1\r\na\r\n7fffffffffffffff\r\n", .contentTooLarge, 413),
    ]

    private static let trailers: [Hostile] = [
        chunked("0\r\nX: a\n\r\n", .bareLineFeed),
        chunked("0\r\n\n", .bareLineFeed),
        chunked("0\r\nX : a\r\n\r\n", .whitespaceBeforeColon),
        chunked("0\r\nX: a\r\n b\r\n\r\n", .foldedLine),
        chunked("0\r\nGET / HTTP/1.1\r\n\r\n", .whitespaceBeforeColon),
        chunked("0\r\nX\r\n\r\n", .missingColon),
        chunked("0\r\n: a\r\n\r\n", .emptyFieldName),
        chunked("0\r\nX: \u{0}\r\n\r\n", .controlCharacter),
        chunked("0\r\nX: a\rb\r\n\r\n", .bareCarriageReturn),
        chunked("0\r\nX: \(String(repeating: "a", count: 8_192))\r\n\r\n", .trailersTooLarge, 431),
        chunked("0\r\n\(String(repeating: "X: a\r\n", count: 101))\r\n", .tooManyFields, 431),
    ]
}
