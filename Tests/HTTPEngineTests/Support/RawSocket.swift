import Glibc
import NetworkIO

/// A blocking TCP socket to test against, with a bound on every wait, so that a hang is a failure.
final class RawSocket: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let operation: String
        let code: Int32
        var description: String { "\(self.operation): \(errorText(self.code))" }
    }

    let descriptor: Int32

    init(port: Int) throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard self.descriptor >= 0 else { throw Failure(operation: "socket", code: errno) }
        Self.bound(self.descriptor)
        let result = Self.withLoopback(port: port) { connect(self.descriptor, $0, $1) }
        guard result == 0 else {
            let code = errno
            close(self.descriptor)
            throw Failure(operation: "connect", code: code)
        }
    }

    /// Takes over a socket that a listener accepted.
    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        Self.bound(descriptor)
    }

    static func bound(_ descriptor: Int32) {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    static func withLoopback<R>(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    deinit { close(self.descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(operation: "send", code: errno) }
            sent += count
        }
    }

    /// What has arrived, at most `most` bytes; empty at the peer's end.
    func receive(_ most: Int = 65_536) throws -> [UInt8] {
        var failure: Failure?
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            let result = recv(self.descriptor, buffer.baseAddress, most, 0)
            if result < 0 { failure = Failure(operation: "recv", code: errno) }
            count = max(0, result)
        }
        if let failure { throw failure }
        return bytes
    }

    func endOutput() { shutdown(self.descriptor, Int32(SHUT_WR)) }

    /// Closing it then resets the connection instead of ending it.
    func resetOnClose() {
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
    }
}
