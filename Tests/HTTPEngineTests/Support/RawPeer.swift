import Glibc
import Synchronization

/// One end of an HTTP/1.1 connection, read by a parser of the tests' own, so that the engine is not judged by itself.
final class RawPeer: Sendable {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// A message as it came: a request or an answer.
    struct Message: Sendable, CustomStringConvertible {
        var startLine = ""
        /// Names in lower case.
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []
        var trailers: [(name: String, value: String)] = []
        /// Sizes of the chunks, empty when the message is not chunked.
        var chunks: [Int] = []

        var status: Int { self.startLine.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
        var text: String { String(decoding: self.body, as: UTF8.self) }
        var closes: Bool { self["connection"] == "close" }
        subscript(_ name: String) -> String? { self.fields.first { $0.name == name }?.value }
        func count(_ name: String) -> Int { self.fields.filter { $0.name == name }.count }
        var description: String { "\(self.startLine) \(self.fields) \(self.text.prefix(200))" }
    }

    let socket: RawSocket
    /// Received and not yet taken. The lock is never contended: one thread reads at a time.
    private let buffer = Mutex<[UInt8]>([])

    init(_ socket: RawSocket) { self.socket = socket }

    convenience init(port: Int) throws { self.init(try RawSocket(port: port)) }

    func send(_ text: String) throws { try self.socket.send(Array(text.utf8)) }

    /// One whole message.
    /// - Parameter isBodiless: whether it answers HEAD.
    func receive(isBodiless: Bool = false) throws -> Message {
        var message = Message()
        message.startLine = try self.line()
        message.fields = try self.section()
        let isAnswer = message.startLine.hasPrefix("HTTP/")
        if isBodiless || isAnswer && (message.status < 200 || [204, 304].contains(message.status)) { return message }
        if message["transfer-encoding"] == "chunked" {
            try self.chunks(into: &message)
        } else if let length = message["content-length"] {
            guard let length = Int(length) else { throw Malformed(description: "content-length \(length)") }
            message.body = try self.take(length)
        } else if isAnswer {
            message.body = try self.rest()
        }
        return message
    }

    /// Bytes up to the peer's end.
    func rest() throws -> [UInt8] {
        while try self.fill() {}
        return self.buffer.withLock { buffer in
            defer { buffer = [] }
            return buffer
        }
    }

    /// Whether nothing more comes: the peer ended or reset the connection.
    func isAtEnd() throws -> Bool {
        do {
            return try self.rest().isEmpty
        } catch let failure as RawSocket.Failure where failure.code == ECONNRESET {
            return true
        }
    }

    func line() throws -> String {
        while true {
            let line = self.buffer.withLock { buffer -> [UInt8]? in
                guard let end = buffer.firstIndex(of: 0x0A) else { return nil }
                defer { buffer.removeFirst(end + 1) }
                return Array(buffer[...end])
            }
            if let line {
                guard line.suffix(2) == [0x0D, 0x0A] else { throw Malformed(description: "a bare line feed") }
                return String(decoding: line.dropLast(2), as: UTF8.self)
            }
            guard try self.fill() else { throw Malformed(description: "the end instead of a line") }
        }
    }

    func take(_ count: Int) throws -> [UInt8] {
        while self.buffer.withLock({ $0.count }) < count {
            guard try self.fill() else { throw Malformed(description: "the end instead of \(count) bytes") }
        }
        return self.buffer.withLock { buffer in
            defer { buffer.removeFirst(count) }
            return Array(buffer[..<count])
        }
    }

    private func section() throws -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        while true {
            let line = try self.line()
            if line.isEmpty { return fields }
            guard let colon = line.firstIndex(of: ":") else { throw Malformed(description: line) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields.append((line[..<colon].lowercased(), String(value)))
        }
    }

    private func chunks(into message: inout Message) throws {
        while true {
            let line = try self.line()
            guard let size = Int(line, radix: 16) else { throw Malformed(description: "chunk size \(line)") }
            if size == 0 { break }
            message.chunks.append(size)
            message.body += try self.take(size)
            guard try self.line().isEmpty else { throw Malformed(description: "no line end behind a chunk") }
        }
        message.trailers = try self.section()
    }

    private func fill() throws -> Bool {
        let part = try self.socket.receive()
        self.buffer.withLock { $0 += part }
        return !part.isEmpty
    }
}
