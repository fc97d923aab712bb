import Synchronization

/// Where log lines go.
public enum LogSink: Sendable {
    /// A writer thread puts them on standard output; recorders never wait for it.
    case standardOutput
    /// The same for another open file descriptor, which stays the caller's to close.
    case descriptor(Int32)
    /// Kept, for tests.
    case memory(LogMemory)
    case discard
}

/// Log lines kept in memory, the oldest dropped beyond the bound.
public final class LogMemory: Sendable {
    private let lines = Mutex<[[UInt8]]>([])
    private let linesMax: Int

    public init(linesMax: Int = 10_000) { self.linesMax = linesMax }

    /// Each line without its line feed.
    public var all: [String] { self.lines.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) } }

    func append(_ line: UnsafeBufferPointer<UInt8>) {
        self.lines.withLock { lines in
            if lines.count >= self.linesMax { lines.removeFirst() }
            lines.append(Array(line.dropLast()))
        }
    }
}
