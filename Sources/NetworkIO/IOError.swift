import CSystem
import Glibc
public import TLS

/// What a system call on a socket ended in.
public struct IOError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// The deadline set on the connection passed.
        case timedOut
        /// The peer or this process closed the connection.
        case closed
        /// The kernel's error number, `errno(3)`.
        case system(Int32)
        /// The secure connection was refused, broken, or cut off.
        case tls(TLSError)
    }

    public let reason: Reason
    /// The operation, such as `connect`, named after its system call.
    public let operation: StaticString

    public init(_ reason: Reason, in operation: StaticString) {
        self.reason = reason
        self.operation = operation
    }

    /// The failure that the calling thread's `errno` tells of.
    static func last(in operation: StaticString) -> IOError {
        IOError(.system(errno), in: operation)
    }

    /// Whether TLS failed rather than the socket under it.
    public var isTLS: Bool {
        if case .tls = self.reason { return true }
        return false
    }

    public var description: String {
        switch self.reason {
        case .timedOut: return "\(self.operation): timed out"
        case .closed: return "\(self.operation): connection closed"
        case .system(let number): return "\(self.operation): \(errorText(number))"
        case .tls(let error): return "\(self.operation): \(error)"
        }
    }

    public static func == (a: IOError, b: IOError) -> Bool { a.reason == b.reason }
    public func hash(into hasher: inout Hasher) { hasher.combine(self.reason) }
}

/// The text of an error number, as `strerror_r(3)` gives it.
public func errorText(_ number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
        guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else {
            return "error \(number)"
        }
        return String(cString: base)
    }
}

/// Repeats a system call that a signal interrupted (`EINTR`).
@inline(__always)
func retryingInterrupts(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result < 0 && errno == EINTR { continue }
        return result
    }
}
