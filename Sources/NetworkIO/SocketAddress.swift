import CSystem
import Glibc

/// An IPv4 or IPv6 address with a port.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    private enum Storage: Sendable, Hashable {
        case v4(address: UInt32, port: UInt16)  // network byte order
        case v6(high: UInt64, low: UInt64, port: UInt16, scope: UInt32)
    }
    private let storage: Storage

    /// Parses a numeric host, such as `127.0.0.1` or `::1`; nil when it is a name.
    public init?(numericHost host: String, port: Int) {
        guard let port = UInt16(exactly: port) else { return nil }
        var v4 = in_addr()
        if inet_pton(AF_INET, host, &v4) == 1 {
            self.storage = .v4(address: v4.s_addr, port: port.bigEndian)
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, host, &v6) == 1 else { return nil }
        let (high, low) = withUnsafeBytes(of: v6) {
            ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
        }
        self.storage = .v6(high: high, low: low, port: port.bigEndian, scope: 0)
    }

    /// Copies what the kernel filled in.
    init?(_ raw: UnsafePointer<sockaddr>) {
        switch Int32(raw.pointee.sa_family) {
        case AF_INET:
            let v4 = UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in.self)
            self.storage = .v4(address: v4.sin_addr.s_addr, port: v4.sin_port)
        case AF_INET6:
            let v6 = UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in6.self)
            let (high, low) = withUnsafeBytes(of: v6.sin6_addr) {
                ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
            }
            self.storage = .v6(high: high, low: low, port: v6.sin6_port, scope: v6.sin6_scope_id)
        default:
            return nil
        }
    }

    var family: Int32 {
        switch self.storage {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }

    public var port: Int {
        switch self.storage {
        case .v4(_, let port), .v6(_, _, let port, _): Int(UInt16(bigEndian: port))
        }
    }

    /// The numeric host, without the port. An IPv4 address mapped into IPv6 is given as IPv4.
    public var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard let base = text.baseAddress else { return "" }
            switch self.storage {
            case .v4(let address, _):
                var raw = in_addr(s_addr: address)
                inet_ntop(AF_INET, &raw, base, socklen_t(text.count))
            case .v6(let high, let low, _, _):
                if high == 0, low & 0xFFFF_FFFF == 0xFFFF_0000 {
                    var raw = in_addr(s_addr: UInt32(truncatingIfNeeded: low >> 32))
                    inet_ntop(AF_INET, &raw, base, socklen_t(text.count))
                } else {
                    var parts = (high, low)
                    inet_ntop(AF_INET6, &parts, base, socklen_t(text.count))
                }
            }
            return String(cString: base)
        }
    }

    public var description: String {
        if case .v6 = self.storage { return "[\(self.host)]:\(self.port)" }
        return "\(self.host):\(self.port)"
    }

    func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        switch self.storage {
        case .v4(let address, let port):
            var raw = sockaddr_in()
            raw.sin_family = sa_family_t(AF_INET)
            raw.sin_addr.s_addr = address
            raw.sin_port = port
            return withUnsafePointer(to: &raw) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6(let high, let low, let port, let scope):
            var raw = sockaddr_in6()
            raw.sin6_family = sa_family_t(AF_INET6)
            withUnsafeMutableBytes(of: &raw.sin6_addr) {
                $0.storeBytes(of: high, as: UInt64.self)
                $0.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
            }
            raw.sin6_port = port
            raw.sin6_scope_id = scope
            return withUnsafePointer(to: &raw) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }

    /// The local address of a bound socket.
    static func local(of descriptor: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                getsockname(descriptor, raw, &length) == 0 ? SocketAddress(raw) : nil
            }
        }
    }
}
