import CBenchSystem
import Glibc

/// One connection and the request under way on it.
struct Client {
    private(set) var descriptor: Int32
    private let port: UInt16
    private var reader = AnswerReader()
    /// When the request under way was meant to be sent, in nanoseconds; nil while the connection rests.
    private(set) var intended: UInt64?

    init?(port: UInt16) {
        self.port = port
        self.descriptor = bench_connect(port)
        if self.descriptor < 0 { return nil }
    }

    var isIdle: Bool { self.intended == nil }

    /// - Returns: false when the connection is broken.
    mutating func send(_ request: [UInt8], intended: UInt64) -> Bool {
        self.intended = intended
        // A request is far smaller than an empty socket's buffer.
        return Glibc.send(self.descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
    }

    enum Outcome {
        case pending
        case answered(status: Int, intended: UInt64)
        case broken
    }

    mutating func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let count = recv(self.descriptor, buffer.baseAddress, buffer.count, 0)
            if count < 0 && (errno == EAGAIN || errno == EINTR) { return .pending }
            guard count > 0, let intended = self.intended else { return .broken }
            switch self.reader.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
            case .incomplete: continue
            case .broken: return .broken
            case .complete(let status):
                self.intended = nil
                return .answered(status: status, intended: intended)
            }
        }
    }

    /// Begins anew on another connection.
    mutating func reconnect() -> Bool {
        close(self.descriptor)
        self.reader = AnswerReader()
        self.intended = nil
        self.descriptor = bench_connect(self.port)
        return self.descriptor >= 0
    }
}
