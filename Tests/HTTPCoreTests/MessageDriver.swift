import HTTPCore

/// All that decoding one message shows, so that two ways of feeding it can be compared.
struct DecodedRequest: Equatable {
    var head: HTTP1RequestHead?
    var consumed = 0
    var body: [UInt8] = []
    var isComplete = false
    var trailers = HTTPFields()
    var refusal: HTTP1Error.Kind?
}

struct DecodedResponse: Equatable {
    var head: HTTP1ResponseHead?
    var consumed = 0
    var body: [UInt8] = []
    var isComplete = false
    var trailers = HTTPFields()
    var refusal: HTTP1Error.Kind?
}

/// Feeds `bytes` up to each of `stops` in turn, and then all of them.
func decodeRequest(
    _ bytes: [UInt8], stops: [Int] = [], limits: HTTP1Limits = .init(), outputMax: Int = .max
) -> DecodedRequest {
    var result = DecodedRequest()
    var decoder = HTTP1RequestDecoder(limits: limits)
    var body: HTTP1BodyDecoder?
    do throws(HTTP1Error) {
        for stop in stops + [bytes.count] {
            if result.head == nil, let decoded = try head(&decoder, bytes, stop) {
                result.head = decoded.head
                result.consumed = decoded.consumed
                body = HTTP1BodyDecoder(decoded.head.framing, limits: limits)
            }
            if body != nil {
                try drain(&body!, bytes, &result.consumed, stop, &result.body, outputMax)
                result.isComplete = body!.isComplete
                result.trailers = body!.trailers
            }
        }
    } catch {
        result.refusal = error.kind
        // How much was taken before a refusal does depend on the split, and nobody may rely on it.
        result.consumed = 0
    }
    return result
}

func decodeResponse(
    _ bytes: [UInt8], to method: HTTPMethod = .get, stops: [Int] = [], limits: HTTP1Limits = .init(),
    closes: Bool = false
) -> DecodedResponse {
    var result = DecodedResponse()
    var decoder = HTTP1ResponseDecoder(limits: limits)
    var body: HTTP1BodyDecoder?
    do throws(HTTP1Error) {
        for stop in stops + [bytes.count] {
            if result.head == nil, let decoded = try head(&decoder, bytes, stop, method) {
                result.head = decoded.head
                result.consumed = decoded.consumed
                body = HTTP1BodyDecoder(decoded.head.framing, limits: limits, in: .response)
            }
            if body != nil {
                try drain(&body!, bytes, &result.consumed, stop, &result.body, .max)
                result.isComplete = body!.isComplete
                result.trailers = body!.trailers
            }
        }
        if closes {
            try body?.finish()
            result.isComplete = body?.isComplete ?? false
        }
    } catch {
        result.refusal = error.kind
        // How much was taken before a refusal does depend on the split, and nobody may rely on it.
        result.consumed = 0
    }
    return result
}

private func head(
    _ decoder: inout HTTP1RequestDecoder, _ bytes: [UInt8], _ stop: Int
) throws(HTTP1Error) -> (head: HTTP1RequestHead, consumed: Int)? {
    // A copy of just the prefix, so that reading past it is caught by the allocator's guard in a sanitizer run.
    let prefix = Array(bytes[..<stop])
    return try prefix.withUnsafeBytes { pointer in
        Result { () throws(HTTP1Error) in try decoder.decodeHead(pointer) }
    }.get()
}

private func head(
    _ decoder: inout HTTP1ResponseDecoder, _ bytes: [UInt8], _ stop: Int, _ method: HTTPMethod
) throws(HTTP1Error) -> (head: HTTP1ResponseHead, consumed: Int)? {
    let prefix = Array(bytes[..<stop])
    return try prefix.withUnsafeBytes { pointer in
        Result { () throws(HTTP1Error) in try decoder.decodeHead(pointer, requestMethod: method) }
    }.get()
}

private func drain(
    _ decoder: inout HTTP1BodyDecoder, _ bytes: [UInt8], _ offset: inout Int, _ stop: Int, _ output: inout [UInt8],
    _ outputMax: Int
) throws(HTTP1Error) {
    while offset < stop, !decoder.isComplete {
        let piece = Array(bytes[offset..<stop])
        offset += try piece.withUnsafeBytes { pointer in
            Result { () throws(HTTP1Error) in try decoder.decode(pointer, into: &output, upTo: outputMax) }
        }.get()
    }
}

extension [UInt8] {
    /// The bytes of a message written with `\r\n` for every line end.
    static func wire(_ text: String) -> [UInt8] { Array(text.utf8) }
}

/// The smallest head around `lines`, each without its line end.
func requestHead(_ lines: String..., line: String = "GET / HTTP/1.1", host: String? = "a") -> String {
    let all = [line] + (host.map { ["Host: \($0)"] } ?? []) + lines
    return all.map { $0 + "\r\n" }.joined() + "\r\n"
}

func utf8(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

extension HTTPFields {
    /// The lines in order, for comparison.
    var lineTexts: [String] {
        var lines: [String] = []
        self.forEach { name, value in
            lines.append(String(decoding: name, as: UTF8.self) + ": " + String(decoding: value, as: UTF8.self))
        }
        return lines
    }
}
