import CBenchSystem
import Glibc

/// Starts a command and measures the time until it answers its first request with success; then ends it.
struct FirstAnswer {
    private static let limit: UInt64 = 30_000_000_000

    /// - Returns: milliseconds.
    static func measure(_ options: Options) throws(UsageError) -> Double {
        guard let file = options.command.first else { throw UsageError("which command?") }
        var argv: [UnsafeMutablePointer<CChar>?] = options.command.map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        let start = bench_nanoseconds()
        let code = posix_spawnp(&pid, file, nil, nil, &argv, environ)
        guard code == 0 else { throw UsageError("cannot start \(file): \(String(cString: strerror(code)))") }
        defer {
            kill(pid, SIGTERM)
            waitpid(pid, nil, 0)
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while bench_nanoseconds() - start < Self.limit {
            if Self.isAnswered(options, buffer) { return Double((bench_nanoseconds() - start) / 10_000) / 100 }
            if waitpid(pid, nil, WNOHANG) == pid { throw UsageError("\(file) ended before it answered") }
            _ = bench_poll(nil, 0, 500_000)
        }
        throw UsageError("no answer within 30 s")
    }

    private static func isAnswered(_ options: Options, _ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        guard var client = Client(port: options.port) else { return false }
        defer { close(client.descriptor) }
        guard client.send(options.request, intended: 0) else { return false }
        let limit = bench_nanoseconds() + 5_000_000_000
        var poll = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
        while bench_nanoseconds() < limit {
            _ = bench_poll(&poll, 1, 10_000_000)
            switch client.receive(buffer) {
            case .pending: continue
            case .broken: return false
            case .answered(let status, _): return status == 200
            }
        }
        return false
    }
}
