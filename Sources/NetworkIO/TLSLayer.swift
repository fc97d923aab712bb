import TLS

/// A TLS session and the ciphertext that waits to be sent.
final class TLSLayer {
    let session: TLSSession
    private var ciphertext: [UInt8] = []
    private var head = 0
    /// Plaintext bytes encrypted at a time: four records, so that a large body takes few system calls and the
    /// ciphertext beside it stays small.
    static let plaintextBytesMax = 65_536

    init(_ session: TLSSession) { self.session = session }

    /// Bytes encrypted and not yet sent.
    var ciphertextCount: Int { self.ciphertext.count - self.head + self.session.ciphertextCount }

    /// Moves over what the session has to say by itself, such as its part of the handshake or an alert.
    func collect() { self.session.takeCiphertext(into: &self.ciphertext) }

    func withCiphertext<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        self.ciphertext.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[self.head...])) }
    }

    func sent(_ count: Int) {
        self.head += count
        guard self.head == self.ciphertext.count else { return }
        self.head = 0
        // Many connections rest; none keeps more than a record's worth.
        self.ciphertext.removeAll(keepingCapacity: self.ciphertext.capacity <= 2 * EventLoop.bufferBytes)
    }
}
