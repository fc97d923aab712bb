// libFuzzer target for the HTTP/1.1 codec. Compiled as one module with Sources/HTTPCore, hence no import of it.
//
// Property: however the bytes are split among calls, the decoders say the same; and what was decoded, encoded again and
// decoded again, is the same message.

/// All that decoding a message can show.
private struct Outcome<Head: Equatable>: Equatable {
    var head: Head?
    var headBytes = 0
    var body: [UInt8] = []
    var bodyBytes = 0
    var isComplete = false
    var trailers = HTTPFields()
    var refusal: HTTP1Error?
}

/// How the bytes reach the decoders.
private enum Feeding {
    case whole
    case split(at: Int)
    /// One byte a call, and no more than `outputMax` bytes of content taken out at a time.
    case trickle(outputMax: Int)

    func stops(from start: Int, to end: Int) -> [Int] {
        switch self {
        case .whole: [end]
        case .split(let stop): stop > start && stop < end ? [stop, end] : [end]
        case .trickle: start < end ? Array((start + 1)...end) : [end]
        }
    }

    var outputMax: Int {
        if case .trickle(let outputMax) = self { outputMax } else { .max }
    }
}

private func requestOutcome(_ input: UnsafeRawBufferPointer, _ feeding: Feeding) -> Outcome<HTTP1RequestHead> {
    var outcome = Outcome<HTTP1RequestHead>()
    var decoder = HTTP1RequestDecoder()
    do throws(HTTP1Error) {
        for stop in feeding.stops(from: 0, to: input.count) {
            guard let decoded = try decoder.decodeHead(UnsafeRawBufferPointer(rebasing: input[..<stop])) else {
                continue
            }
            outcome.head = decoded.head
            outcome.headBytes = decoded.consumed
            let body = HTTP1BodyDecoder(decoded.head.framing)
            try decodeBody(body, input, from: decoded.consumed, feeding, &outcome)
            break
        }
    } catch {
        outcome.refusal = error
    }
    return outcome
}

private func responseOutcome(_ input: UnsafeRawBufferPointer, _ feeding: Feeding) -> Outcome<HTTP1ResponseHead> {
    var outcome = Outcome<HTTP1ResponseHead>()
    var decoder = HTTP1ResponseDecoder()
    do throws(HTTP1Error) {
        for stop in feeding.stops(from: 0, to: input.count) {
            let available = UnsafeRawBufferPointer(rebasing: input[..<stop])
            guard let decoded = try decoder.decodeHead(available, requestMethod: .get) else { continue }
            outcome.head = decoded.head
            outcome.headBytes = decoded.consumed
            let body = HTTP1BodyDecoder(decoded.head.framing, in: .response)
            try decodeBody(body, input, from: decoded.consumed, feeding, &outcome)
            break
        }
    } catch {
        outcome.refusal = error
    }
    return outcome
}

private func decodeBody<Head>(
    _ decoder: HTTP1BodyDecoder, _ input: UnsafeRawBufferPointer, from start: Int, _ feeding: Feeding,
    _ outcome: inout Outcome<Head>
) throws(HTTP1Error) {
    var decoder = decoder
    var offset = start
    for stop in feeding.stops(from: start, to: input.count) {
        while offset < stop, !decoder.isComplete {
            let piece = UnsafeRawBufferPointer(rebasing: input[offset..<stop])
            let before = outcome.body.count
            let consumed = try decoder.decode(piece, into: &outcome.body, upTo: feeding.outputMax)
            precondition(consumed > 0 && consumed <= piece.count, "The body decoder stands still")
            precondition(outcome.body.count - before <= feeding.outputMax, "The body decoder gave more than it may")
            offset += consumed
        }
    }
    outcome.bodyBytes = offset - start
    outcome.isComplete = decoder.isComplete
    outcome.trailers = decoder.trailers
}

/// Encodes a decoded request head and decodes it again.
private func requireRoundTrip(_ head: HTTP1RequestHead) {
    guard head.version == .http11 else { return }
    var encoded: [UInt8] = []
    let target = head.query.map { head.path + "?" + $0 } ?? head.path
    HTTP1Encoder.appendRequestHead(method: head.method, target: target, fields: head.fields, to: &encoded)
    // Encoding adds a space behind each colon, which may pass a bound.
    var limits = HTTP1Limits()
    limits.headBytesMax *= 2
    limits.fieldLineBytesMax *= 2
    limits.requestLineBytesMax *= 2
    var decoder = HTTP1RequestDecoder(limits: limits)
    guard let again = try? encoded.withUnsafeBytes({ bytes in try decoder.decodeHead(bytes) }) else {
        preconditionFailure("What was encoded is refused: \(head)")
    }
    precondition(again.consumed == encoded.count, "What was encoded has another end")
    var expected = head
    expected.scheme = "http"
    precondition(again.head == expected, "What was encoded reads otherwise: \(head) \(again.head)")
}

/// A split point that depends on all of the data (FNV-1a).
private func splitPoint(_ input: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in input { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(hash % UInt64(input.count + 1))
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP1(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: data, count: count)
    let split = Feeding.split(at: splitPoint(input))
    let trickle = Feeding.trickle(outputMax: 1 + splitPoint(input) % 7)

    let request = requestOutcome(input, .whole)
    precondition(requestOutcome(input, split) == request, "A split request reads otherwise: \(request)")
    precondition(requestOutcome(input, trickle) == request, "A trickling request reads otherwise: \(request)")
    if let head = request.head { requireRoundTrip(head) }

    let response = responseOutcome(input, .whole)
    precondition(responseOutcome(input, split) == response, "A split response reads otherwise: \(response)")
    precondition(responseOutcome(input, trickle) == response, "A trickling response reads otherwise: \(response)")
    return 0
}
