import HTTP2
import HTTPCore
import Synchronization

/// A client of HTTP/2 on a blocking socket, which consumes nothing unless it is told to: to be slow, rude or gone.
///
/// Used by one thread at a time.
final class SessionPeer: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: a test uses it from one thread at a time.
    let socket: RawSocket
    let session: HTTP2Session
    private(set) var events: [HTTP2Event] = []

    init(port: Int, configure: (inout HTTP2Configuration) -> Void = { _ in }) throws {
        var configuration = HTTP2Configuration()
        configure(&configuration)
        self.socket = try RawSocket(port: port)
        self.session = HTTP2Session(.client, configuration: configuration)
        try self.flush()
    }

    /// Plays a server on a socket that was accepted.
    init(accepting socket: RawSocket, configure: (inout HTTP2Configuration) -> Void = { _ in }) throws {
        var configuration = HTTP2Configuration()
        configure(&configuration)
        self.socket = socket
        self.session = HTTP2Session(.server, configuration: configuration)
        try self.flush()
    }

    func flush() throws {
        var bytes: [UInt8] = []
        self.session.send(into: &bytes, upTo: .max)
        if !bytes.isEmpty { try self.socket.send(bytes) }
    }

    @discardableResult
    func open(_ request: HTTPRequest, hasBody: Bool = false) throws -> HTTP2StreamID {
        let id = self.session.open(request, authority: "test", length: nil, hasBody: hasBody) ?? 0
        try self.flush()
        return id
    }

    /// Reads until `condition` holds of the events so far, or the peer ends: false then.
    @discardableResult
    func read(until condition: ([HTTP2Event]) -> Bool) throws -> Bool {
        while true {
            var new: [HTTP2Event] = []
            self.session.takeEvents(into: &new)
            self.events += new
            if condition(self.events) { return true }
            let bytes = try self.socket.receive()
            if bytes.isEmpty { return false }
            bytes.withUnsafeBytes { self.session.receive($0, now: 1) }
            try self.flush()
        }
    }

    /// Waits until stream `id` is over.
    func readToClose(of id: HTTP2StreamID) throws -> HTTP2ErrorCode? {
        var code: HTTP2ErrorCode?
        _ = try self.read { events in
            for case .closed(id, let how) in events { code = how }
            return code != nil
        }
        return code
    }

    var goAway: (last: HTTP2StreamID, code: HTTP2ErrorCode)? {
        for case .goAway(let last, let code) in self.events.reversed() { return (last, code) }
        return nil
    }

    func status(of id: HTTP2StreamID) -> Int? {
        for case .response(id, let response, _, _) in self.events { return response.status.code }
        return nil
    }

    func content(of id: HTTP2StreamID) -> [UInt8] {
        var content: [UInt8] = []
        for case .data(id, let part) in self.events { content += part }
        return content
    }
}
