import Glibc

/// A growing buffer of bytes that encoders write into without bounds checks per byte.
///
/// Log lines, OTLP bodies and expositions are all made here: one reserve, then plain stores. It owns its memory, and
/// keeps it when it is cleared. `JSONWriter` serves where a document is built; here most of the text is fixed or
/// rendered before, and the buffer is swapped with the writer thread's.
///
/// Invariant of `@unchecked`: the memory has one owner, since the value cannot be copied.
struct ByteSink: ~Copyable, @unchecked Sendable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private(set) var capacity: Int

    init(capacity: Int = 1_024) {
        self.capacity = max(64, capacity)
        self.base = .allocate(capacity: self.capacity)
    }

    deinit { self.base.deallocate() }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: self.base, count: self.count)) }
    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: self.base, count: self.count) }

    mutating func clear() { self.count = 0 }

    /// Counts bytes stored behind the end, in space reserved before.
    @inline(__always)
    mutating func advance(_ length: Int) { self.count &+= length }

    /// Forgets what was written after `count`.
    mutating func truncate(to count: Int) { self.count = min(self.count, count) }

    @inline(__always)
    mutating func reserve(_ more: Int) {
        if self.count &+ more > self.capacity { self.grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let capacity = max(self.capacity * 2, self.count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: self.base, count: self.count)
        self.base.deallocate()
        self.base = larger
        self.capacity = capacity
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        self.reserve(1)
        self.base[self.count] = byte
        self.count &+= 1
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        self.append(text.utf8Start, text.utf8CodeUnitCount)
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        self.reserve(length)
        memcpy(self.base + self.count, bytes, length)
        self.count &+= length
    }

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress { self.append(start, buffer.count) }
        }
    }

    /// The bytes of a string as they are.
    mutating func append(text: String) {
        Self.withBytes(of: text) { bytes in
            if let start = bytes.baseAddress { self.append(start, bytes.count) }
        }
    }

    /// The 32 digits of a trace id.
    @inline(__always)
    mutating func append(_ id: TraceID) {
        self.reserve(32)
        id.writeDigits(to: self.base + self.count)
        self.count &+= 32
    }

    /// The 16 digits of a span id.
    @inline(__always)
    mutating func append(_ id: SpanID) {
        self.reserve(16)
        Hexadecimal.write16(id.rawValue, to: self.base + self.count)
        self.count &+= 16
    }

    @inline(__always)
    static func withBytes<R>(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
        var copy = text
        return copy.withUTF8(body)
    }
}

extension StaticString {
    /// The literal's own bytes, which live as long as the process.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: self.utf8Start, count: self.utf8CodeUnitCount) }
}
