import HTTPCore

/// Bytes that one stream is to send, and how they end.
final class HTTP2OutboundBody {
    private var parts: [[UInt8]] = []
    private var firstPart = 0
    /// Bytes of the first part that have been sent.
    private var sent = 0
    private(set) var count = 0
    private(set) var isEnded = false
    /// Sent behind the last byte.
    private(set) var trailers: HTTPFields?
    /// nghttp2 found nothing to send and waits to be told of more.
    var isDeferred = false
    /// `drained` is told once no more than this many bytes are left; negative while nobody waits.
    var mark = -1

    func append(_ part: [UInt8]) {
        guard !part.isEmpty, !self.isEnded else { return }
        self.parts.append(part)
        self.count += part.count
    }

    func end(trailers: HTTPFields?) {
        guard !self.isEnded else { return }
        self.isEnded = true
        self.trailers = trailers.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Moves as many bytes as there are and fit.
    func move(into target: UnsafeMutableRawBufferPointer) -> Int {
        var moved = 0
        while moved < target.count, self.firstPart < self.parts.count {
            let left = self.parts[self.firstPart].count - self.sent
            let taken = min(left, target.count - moved)
            unsafe self.parts[self.firstPart].withUnsafeBytes { part in
                let source = unsafe UnsafeRawBufferPointer(rebasing: part[self.sent..<self.sent + taken])
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[moved..<moved + taken]).copyMemory(from: source)
            }
            moved += taken
            self.sent += taken
            if taken == left { self.dropPart() }
        }
        self.count -= moved
        return moved
    }

    private func dropPart() {
        self.parts[self.firstPart] = []
        self.firstPart += 1
        self.sent = 0
        guard self.firstPart == self.parts.count || self.firstPart >= 64 else { return }
        self.parts.removeFirst(self.firstPart)
        self.firstPart = 0
    }
}
