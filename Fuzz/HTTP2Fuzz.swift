// libFuzzer target for the HTTP/2 session. Compiled as one module with Sources/HTTPCore and Sources/HTTP2, hence no
// import of them.
//
// Property: whatever a client or a server sends, the session ends in events; it sends a bounded answer; and however the
// bytes are split, it says the same.

/// What a session made of the bytes.
private struct Outcome: Equatable {
    var events: [String] = []
    var isFinished = false
}

private func summary(_ event: HTTP2Event) -> String? {
    switch event {
    case .request(let id, let request, let length, let isLast):
        "request \(id) \(request.method) \(request.target) \(request.fields) \(length ?? -1) \(isLast)"
    case .response(let id, let response, let length, let isLast):
        "response \(id) \(response.status) \(response.fields) \(length ?? -1) \(isLast)"
    // Comes in pieces where the input does.
    case .data: nil
    case .trailers(let id, let fields): "trailers \(id) \(fields)"
    case .end(let id): "end \(id)"
    case .malformed(let id, let error): "malformed \(id) \(error.kind)"
    case .closed(let id, let code): "closed \(id) \(code)"
    case .goAway(let last, let code): "goAway \(last) \(code)"
    case .faulted(let id, let reason): "faulted \(id) \(reason)"
    case .abused(let abuse): "abused \(abuse.rawValue)"
    case .failed(let reason): "failed \(reason)"
    case .drained, .pong, .settings: nil
    }
}

private func outcome(_ role: HTTP2Session.Role, _ input: UnsafeRawBufferPointer, splitAt stops: [Int]) -> Outcome {
    let session = HTTP2Session(role)
    var sent: [UInt8] = []
    session.send(into: &sent, upTo: .max)
    if role == .client { _ = session.open(HTTPRequest(.get, "/"), authority: "a", length: nil, hasBody: false) }
    session.send(into: &sent, upTo: .max)
    var outcome = Outcome()
    var start = 0
    for stop in stops {
        session.receive(UnsafeRawBufferPointer(rebasing: input[start..<stop]), now: 1)
        start = stop
    }
    var events: [HTTP2Event] = []
    session.takeEvents(into: &events)
    var isOver = false
    for event in events {
        if !isOver, let text = summary(event) { outcome.events.append(text) }
        // Behind it nghttp2 looks at no more pieces once nothing is under way, but ends the one it has.
        if case .goAway = event { isOver = true }
        if case .request(let id, _, _, _) = event {
            session.respond(to: id, .ok, HTTPFields(), length: 1, date: [], hasBody: true)
            session.write([1], to: id)
            session.end(id, trailers: [.eTag: "x"])
        }
    }
    sent = []
    session.send(into: &sent, upTo: 1 << 20)
    precondition(sent.count < 1 << 20, "The session answers without bound")
    outcome.isFinished = isOver || session.isFinished
    return outcome
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP2(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // A preface and settings in front get past the first gate.
    let hello = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    for (role, bytes) in [(HTTP2Session.Role.server, hello + input), (.client, Array(hello[24...]) + input)] {
        bytes.withUnsafeBytes { bytes in
            let whole = outcome(role, bytes, splitAt: [bytes.count])
            let middle = bytes.count - count + count / 2
            precondition(
                outcome(role, bytes, splitAt: [middle, bytes.count]) == whole, "Split, it reads otherwise: \(whole)")
            precondition(outcome(role, bytes, splitAt: Array(1...bytes.count)) == whole, "In bytes, it reads otherwise")
        }
    }
    return 0
}
