import HTTP2
import HTTPCore

extension HTTP2Session {
    func feed(_ bytes: [UInt8], now: UInt64 = 1) { bytes.withUnsafeBytes { self.receive($0, now: now) } }

    func feed(_ frames: Frame..., now: UInt64 = 1) { self.feed(frames.flatMap(\.bytes), now: now) }

    func feed(_ frames: [Frame], now: UInt64 = 1) { self.feed(frames.flatMap(\.bytes), now: now) }

    func output(upTo mark: Int = .max) -> [UInt8] {
        var bytes: [UInt8] = []
        self.send(into: &bytes, upTo: mark)
        return bytes
    }

    func frames() -> [Frame] { Frame.all(in: self.output()) }

    func takeAll() -> [HTTP2Event] {
        var events: [HTTP2Event] = []
        self.takeEvents(into: &events)
        return events
    }

    /// A server whose client has said hello, and which has said so too.
    static func server(_ configure: (inout HTTP2Configuration) -> Void = { _ in }) -> HTTP2Session {
        var configuration = HTTP2Configuration()
        configure(&configuration)
        let session = HTTP2Session(.server, configuration: configuration)
        _ = session.output()
        session.feed(Frame.preface)
        session.feed(Frame.settings(), Frame(.settings, flags: Frame.ack))
        _ = session.output()
        _ = session.takeAll()
        return session
    }

    static func client(_ settings: [(UInt16, UInt32)] = []) -> HTTP2Session {
        let session = HTTP2Session(.client)
        _ = session.output()
        session.feed(Frame.settings(settings), Frame(.settings, flags: Frame.ack))
        _ = session.output()
        _ = session.takeAll()
        return session
    }
}

extension HTTP2Event {
    /// The event in a word or two, with what a test looks at.
    var text: String {
        switch self {
        case .request(let id, let request, let length, let isLast):
            "request \(id) \(request.method) \(request.target) \(length.map { "\($0)" } ?? "-")\(isLast ? " last" : "")"
        case .response(let id, let response, let length, let isLast):
            "response \(id) \(response.status) \(length.map { "\($0)" } ?? "-")\(isLast ? " last" : "")"
        case .data(let id, let bytes): "data \(id) \(String(decoding: bytes, as: UTF8.self))"
        case .trailers(let id, let fields): "trailers \(id) \(fields.description.split(separator: "\r\n"))"
        case .end(let id): "end \(id)"
        case .malformed(let id, let error): "malformed \(id) \(error.kind)"
        case .drained(let id): "drained \(id)"
        case .closed(let id, let code): "closed \(id) \(code)"
        case .pong: "pong"
        case .settings: "settings"
        case .goAway(let last, let code): "goAway \(last) \(code)"
        case .faulted(let id, _): "faulted \(id)"
        case .abused(let abuse): "abused \(abuse.rawValue)"
        case .failed: "failed"
        }
    }
}
