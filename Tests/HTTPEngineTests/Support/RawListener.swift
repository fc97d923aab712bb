import Glibc
import NetworkIO

/// A blocking listener on a free port, to play a server that answers whatever a test wants.
final class RawListener: Sendable {
    private let descriptor: Int32
    let port: Int

    /// - Parameter listens: false for a port that is taken and refuses every connection.
    init(listens: Bool = true) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        RawSocket.bound(descriptor)
        guard RawSocket.withLoopback(port: 0, { bind(descriptor, $0, $1) }) == 0 else {
            throw RawSocket.Failure(operation: "bind", code: errno)
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        if listens { listen(self.descriptor, 128) }
    }

    deinit { close(self.descriptor) }

    func accept() throws -> RawPeer {
        let accepted = Glibc.accept(self.descriptor, nil, nil)
        guard accepted >= 0 else { throw RawSocket.Failure(operation: "accept", code: errno) }
        return RawPeer(RawSocket(adopting: accepted))
    }
}
