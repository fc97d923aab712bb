import Glibc
import NetworkIO

/// One request over a bare socket, to see what a broken connection really brought.
enum RawExchange {
    /// - Returns: what arrived, and the error that ended it; 0 for an orderly end.
    static func get(_ path: String, port: Int) async throws -> (text: String, error: Int32) {
        try await withUnsafeThrowingContinuation { continuation in
            do throws(IOError) {
                try startThread(named: "raw") { continuation.resume(returning: self.exchange(path, port)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static func exchange(_ path: String, _ port: Int) -> (String, Int32) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return ("", errno) }
        let request = Array(
            "GET \(path) HTTP/1.1\r\nHost: shop\r\nx-internal-token: \(FaultyService.token)\r\n\r\n".utf8)
        _ = send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return (String(decoding: received, as: UTF8.self), count < 0 ? errno : 0) }
            received += buffer[..<count]
        }
    }
}
