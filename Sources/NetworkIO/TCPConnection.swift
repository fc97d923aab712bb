import CSystem
import Glibc

/// A connected TCP socket on an event loop, with a receive buffer and an outbound buffer.
///
/// Registered once, edge-triggered, so that a request costs one `recv` and one `send` and no `epoll_ctl`. What is
/// written within a tick leaves together at its end. One task reads and one task writes at a time.
///
/// After `startTLS` the same members carry plaintext, and the socket ciphertext.
public final class TCPConnection: EventChannel, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: that of `EventChannel`; confined to the loop's thread.

    public let remoteAddress: SocketAddress

    // MARK: Inbound

    private var inbound: UnsafeMutableRawPointer?
    private var inboundCapacity = 0
    private var inboundHead = 0
    var inboundTail = 0

    var isReadable = true
    /// The peer has ended its side: nothing may be taken as "drained" any more, or its end would go unseen.
    private(set) var peerHungUp = false
    var sawEnd = false
    private var readWaiter: UnsafeContinuation<Void, Never>?

    // MARK: Outbound

    /// Bytes that wait to be sent. Append, then call `scheduleFlush`.
    public var outbound: [UInt8] = []
    var outboundHead = 0
    var isWritable = true
    /// Appends more to `outbound`: called before what is there is sent at the end of a tick, again for as long as the
    /// socket takes all of it, and when the socket has room again. For a protocol that decides late what goes first.
    public var refill: (() -> Void)?
    private var flushScheduled = false
    private var writeWaiter: UnsafeContinuation<Void, Never>?
    /// A writer waits until no more than this many bytes are outstanding.
    private(set) var writeMark = 0

    /// What stands between the buffers and the socket since `startTLS`; nil on a plain connection.
    var secureLayer: TLSLayer?

    private(set) var failure: IOError?
    /// Between two calls of a client: whatever happens to the connection ends it.
    private var isResting = false
    /// Called on the loop, once, when the connection has been closed.
    public var onClose: (() -> Void)?

    /// Takes over a connected, non-blocking socket and begins to watch it. Called on the loop's thread.
    /// - Throws: `IOError` if the kernel cannot watch one more descriptor; the socket is closed then.
    public init(descriptor: Int32, remoteAddress: SocketAddress, loop: EventLoop) throws(IOError) {
        self.remoteAddress = remoteAddress
        super.init(descriptor: descriptor, loop: loop)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        do throws(IOError) {
            try loop.register(
                self, events: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue)
        } catch {
            _ = Glibc.close(descriptor)
            self.descriptor = -1
            throw error
        }
        loop.statistics.addConnections(1)
    }

    public var isClosed: Bool { self.descriptor < 0 }

    /// Whether the connection can carry another request: open, unbroken, and the peer has neither ended nor sent
    /// anything that was not asked for, which the next request would take for its answer.
    public var isReusable: Bool {
        guard
            self.descriptor >= 0 && self.failure == nil && !self.peerHungUp && !self.sawEnd
                && self.inboundHead == self.inboundTail && self.outbound.isEmpty
        else { return false }
        if let layer = self.secureLayer { return self.isQuiet(layer) }
        return !self.isReadable
    }

    /// Keeps an unused connection for at most `duration`. It closes by itself then, and as soon as the peer sends
    /// anything or ends its side. A secure connection takes in what is TLS's own, such as session tickets.
    public func rest(for duration: Duration) {
        self.releaseInboundIfEmpty()
        self.isResting = true
        self.setDeadline(after: duration)
    }

    /// Takes a connection that rests into use again.
    public func endRest() {
        self.isResting = false
        self.clearDeadline()
    }

    // MARK: Receiving

    /// The bytes received and not yet consumed. Valid until the next call on the connection.
    public var received: UnsafeRawBufferPointer {
        guard let inbound = self.inbound else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: inbound + self.inboundHead, count: self.inboundTail - self.inboundHead)
    }

    public var receivedCount: Int { self.inboundTail - self.inboundHead }

    public func consume(_ count: Int) {
        self.inboundHead += count
        if self.inboundHead == self.inboundTail {
            self.inboundHead = 0
            self.inboundTail = 0
        }
    }

    /// Receives more bytes behind those not yet consumed; suspends while there are none.
    /// - Returns: how many arrived; 0 when the peer has ended its side.
    /// - Throws: `IOError.timedOut` once when the deadline passed, or what the socket failed with.
    public func receive() async throws(IOError) -> Int {
        while true {
            try self.check("recv")
            if self.sawEnd { return 0 }
            // A drained socket says nothing about what a secure layer still holds.
            if self.isReadable || self.secureLayer != nil {
                if let count = try self.receiveNow() { return count }
            }
            self.releaseInboundIfEmpty()
            await self.waitUntilReadable()
        }
    }

    func waitUntilReadable() async {
        await withUnsafeContinuation { self.readWaiter = $0 }
    }

    /// Takes in what arrived before the connection failed, which `receive` would not give any more: a peer that
    /// refuses a long body answers, and then resets the connection.
    public func receiveLeftovers() {
        while self.descriptor >= 0, !self.sawEnd {
            self.makeRoom()
            guard let inbound = self.inbound, self.inboundTail < EventLoop.bufferBytes else { return }
            let room = self.inboundCapacity - self.inboundTail
            if let layer = self.secureLayer {
                let target = UnsafeMutableRawBufferPointer(start: inbound + self.inboundTail, count: room)
                guard self.decryptLeftovers(layer, into: target) else { return }
                continue
            }
            let count = retryingInterrupts { recv(self.descriptor, inbound + self.inboundTail, room, 0) }
            guard count > 0 else { return }
            self.inboundTail += count
        }
    }

    /// One `recv`; nil when there was nothing to take.
    private func receiveNow() throws(IOError) -> Int? {
        self.makeRoom()
        guard let inbound = self.inbound else { return nil }
        let room = self.inboundCapacity - self.inboundTail
        if let layer = self.secureLayer {
            let target = UnsafeMutableRawBufferPointer(start: inbound + self.inboundTail, count: room)
            return try self.receiveDecrypted(layer, into: target)
        }
        let count = retryingInterrupts { recv(self.descriptor, inbound + self.inboundTail, room, 0) }
        if count > 0 {
            self.inboundTail += count
            // Edge-triggered: a short read emptied the socket (epoll(7), questions and answers, 9), so the call that
            // would only say "try again" is saved.
            if count < room && !self.peerHungUp { self.isReadable = false }
            return count
        }
        if count == 0 {
            self.sawEnd = true
            return 0
        }
        if errno == EAGAIN {
            self.isReadable = false
            return nil
        }
        throw self.fail(IOError.last(in: "recv"))
    }

    private func makeRoom() {
        guard let inbound = self.inbound else {
            self.inbound = self.loop.takeBuffer()
            self.inboundCapacity = EventLoop.bufferBytes
            return
        }
        // Room for a quarter, unless all of it is taken up from the beginning: no system call for a few bytes.
        let room = self.inboundCapacity - self.inboundTail
        if room >= self.inboundCapacity / 4 || room > 0 && self.inboundHead == 0 { return }
        let count = self.inboundTail - self.inboundHead
        if self.inboundHead > 0 {
            inbound.copyMemory(from: inbound + self.inboundHead, byteCount: count)
        } else {
            let larger = UnsafeMutableRawPointer.allocate(byteCount: self.inboundCapacity * 2, alignment: 16)
            larger.copyMemory(from: inbound, byteCount: count)
            self.releaseInbound()
            self.inbound = larger
            self.inboundCapacity = max(self.inboundCapacity, EventLoop.bufferBytes) * 2
        }
        self.inboundHead = 0
        self.inboundTail = count
    }

    /// An idle connection holds no buffer.
    private func releaseInboundIfEmpty() {
        if self.inboundHead == self.inboundTail && self.inbound != nil { self.releaseInbound() }
    }

    private func releaseInbound() {
        guard let inbound = self.inbound else { return }
        if self.inboundCapacity == EventLoop.bufferBytes {
            self.loop.giveBack(inbound)
        } else {
            inbound.deallocate()
        }
        self.inbound = nil
        self.inboundHead = 0
        self.inboundTail = 0
    }

    // MARK: Sending

    /// Bytes that wait to be sent, those already encrypted among them.
    public var outboundCount: Int {
        let count = self.outbound.count - self.outboundHead
        if let layer = self.secureLayer { return count + layer.ciphertextCount }
        return count
    }

    /// Has the outbound bytes sent at the end of the present tick.
    public func scheduleFlush() {
        guard !self.flushScheduled else { return }
        self.flushScheduled = true
        self.loop.flushAtEndOfTick(self)
    }

    /// Suspends until at most `mark` bytes are outstanding: the back-pressure of a streamed body.
    public func drain(below mark: Int) async throws(IOError) {
        if self.outboundCount > mark { self.sendNow() }
        while self.outboundCount > mark {
            try self.check("send")
            self.writeMark = mark
            await withUnsafeContinuation { self.writeWaiter = $0 }
        }
        try self.check("send")
    }

    /// Sends a large body behind what is outstanding, from where it lies: half a megabyte taken into the outbound buffer
    /// would be copied, and its pages touched for the first time. Returns when the kernel has all of it.
    public func sendInPlace(_ bytes: [UInt8]) async throws(IOError) {
        guard self.secureLayer == nil else {
            self.outbound.append(contentsOf: bytes)
            return try await self.drain(below: 0)
        }
        var sent = 0
        while true {
            self.sendNow()
            try self.check("send")
            if self.outboundCount == 0, self.isWritable { sent += try self.sendSome(bytes, from: sent) }
            if sent == bytes.count { return }
            guard !self.isWritable || self.outboundCount > 0 else { continue }
            self.writeMark = 0
            await withUnsafeContinuation { self.writeWaiter = $0 }
        }
    }

    /// One `send`; how many bytes it took.
    private func sendSome(_ bytes: [UInt8], from start: Int) throws(IOError) -> Int {
        let count = bytes.withUnsafeBytes { all in
            retryingInterrupts {
                send(self.descriptor, all.baseAddress.map { $0 + start }, all.count - start, Int32(MSG_NOSIGNAL))
            }
        }
        if count >= 0 {
            if count < bytes.count - start { self.isWritable = false }
            return count
        }
        guard errno == EAGAIN else { throw self.fail(IOError.last(in: "send")) }
        self.isWritable = false
        return 0
    }

    override func flushPending() {
        self.flushScheduled = false
        self.refillAndSend()
    }

    private func refillAndSend() {
        guard let refill = self.refill else { return self.sendNow() }
        while true {
            refill()
            guard self.outboundCount > 0 else { return }
            self.sendNow()
            guard self.isWritable, self.outboundCount == 0, self.descriptor >= 0, self.failure == nil else { return }
        }
    }

    func sendNow() {
        guard self.descriptor >= 0, self.failure == nil else { return }
        if let layer = self.secureLayer { return self.sendEncrypted(layer) }
        while self.isWritable && self.outboundCount > 0 {
            let count = self.outbound.withUnsafeBytes { bytes in
                retryingInterrupts {
                    send(
                        self.descriptor, bytes.baseAddress.map { $0 + self.outboundHead }, self.outboundCount,
                        Int32(MSG_NOSIGNAL))
                }
            }
            if count >= 0 {
                // Edge-triggered: a short write filled the socket, and its next event tells of room.
                if count < self.outboundCount { self.isWritable = false }
                self.outboundHead += count
            } else if errno == EAGAIN {
                self.isWritable = false
            } else {
                _ = self.fail(IOError.last(in: "send"))
                return
            }
        }
        self.finishSending()
    }

    func finishSending() {
        self.compactOutbound()
        if self.outboundCount <= self.writeMark { self.resumeWriter() }
    }

    private func compactOutbound() {
        if self.outboundHead == self.outbound.count {
            self.outboundHead = 0
            // A buffer that one large answer blew up is not kept for the connection's life.
            self.outbound.removeAll(keepingCapacity: self.outbound.capacity <= 4 * EventLoop.bufferBytes)
        } else if self.outboundHead > 256 * 1_024 && self.outboundHead > self.outbound.count / 2 {
            // Not before half of it has gone: a long answer would be moved again and again.
            self.outbound.removeFirst(self.outboundHead)
            self.outboundHead = 0
        }
    }

    // MARK: Events

    public override func handle(events: UInt32) {
        let ends = EPOLLERR.rawValue | EPOLLHUP.rawValue | EPOLLRDHUP.rawValue | EPOLLIN.rawValue
        if self.isResting && events & ends != 0 {
            if !self.mayRestOn(events) { self.close() }
            return
        }
        if events & EPOLLERR.rawValue != 0 {
            if let layer = self.secureLayer { self.lookForAlert(layer) }
            _ = self.fail(IOError(.system(self.pendingError()), in: "epoll_wait"))
            return
        }
        if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 {
            self.peerHungUp = true
            self.isReadable = true
            self.resumeReader()
        } else if events & EPOLLIN.rawValue != 0 {
            self.isReadable = true
            self.resumeReader()
        }
        if events & EPOLLOUT.rawValue != 0 && !self.isWritable {
            self.isWritable = true
            self.refillAndSend()
        }
    }

    public override func deadlinePassed() {
        if self.isResting { return self.close() }
        self.deadlineExpired = true
        self.resumeReader()
        self.resumeWriter()
    }

    private func pendingError() -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        return code == 0 ? ECONNRESET : code
    }

    func check(_ operation: StaticString) throws(IOError) {
        if let failure = self.failure { throw failure }
        if self.descriptor < 0 { throw IOError(.closed, in: operation) }
        if self.deadlineExpired {
            self.deadlineExpired = false
            throw IOError(.timedOut, in: operation)
        }
    }

    func fail(_ error: IOError) -> IOError {
        if self.failure == nil { self.failure = error }
        self.resumeReader()
        self.resumeWriter()
        return error
    }

    private func resumeReader() {
        guard let waiter = self.readWaiter else { return }
        self.readWaiter = nil
        waiter.resume()
    }

    private func resumeWriter() {
        guard let waiter = self.writeWaiter else { return }
        self.writeWaiter = nil
        self.writeMark = 0
        waiter.resume()
    }

    // MARK: Closing

    /// Ends the outbound side once everything has been sent; the peer sees the end after the last byte.
    public func shutdownOutput() {
        guard self.descriptor >= 0 else { return }
        if let layer = self.secureLayer { self.sendClose(layer) }
        shutdown(self.descriptor, Int32(SHUT_WR))
    }

    /// Closes at once. Bytes not yet sent are lost; waiting tasks get `IOError.closed`. Calling it again does nothing.
    public func close() {
        guard self.descriptor >= 0 else { return }
        if let layer = self.secureLayer {
            self.sendClose(layer)
            self.secureLayer = nil
        }
        self.loop.deregister(self)
        self.clearDeadline()
        _ = Glibc.close(self.descriptor)
        self.descriptor = -1
        self.loop.statistics.addConnections(-1)
        self.releaseInbound()
        self.outbound = []
        self.outboundHead = 0
        self.refill = nil
        _ = self.fail(IOError(.closed, in: "close"))
        self.onClose?()
        self.onClose = nil
    }

    /// Closes so that the peer gets an error rather than an end: what it has received is not the whole.
    public func reset() {
        guard self.descriptor >= 0 else { return }
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        // No close_notify either, which would say that all has been sent.
        self.secureLayer = nil
        self.close()
    }

    /// Sends what is outstanding, ends the outbound side, and takes in what the peer still sends for a bounded while
    /// before closing, so that the answer is not destroyed by a reset (RFC 9112, section 9.6).
    ///
    /// - Parameters:
    ///   - sending: how long the peer may take to accept what is outstanding.
    ///   - duration: how long the peer may go on sending afterwards.
    public func closeGracefully(sending: Duration = .seconds(2), within duration: Duration = .seconds(2)) async {
        self.setDeadline(after: sending)
        do throws(IOError) {
            try await self.drain(below: 0)
            self.shutdownOutput()
            self.setDeadline(after: duration)
            var discarded = self.receivedCount
            self.consume(self.receivedCount)
            while discarded < 1 << 20 {
                let count = try await self.receive()
                if count == 0 { break }
                discarded += count
                self.consume(count)
            }
        } catch {
            // Failed or too slow: the peer has had its chance to read the answer.
        }
        self.close()
    }
}

extension TCPConnection {
    /// Opens a connection from the calling loop.
    /// - Parameter deadline: nanoseconds of the monotonic clock.
    /// - Throws: `IOError` when the peer refuses, cannot be reached, or does not answer by the deadline.
    public static func connect(
        to address: SocketAddress, on loop: EventLoop, deadline: UInt64
    ) async throws(IOError) -> TCPConnection {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw IOError.last(in: "socket") }
        let result = address.withSockaddr { Glibc.connect(descriptor, $0, $1) }
        if result != 0 && errno != EINPROGRESS {
            let error = IOError.last(in: "connect")
            _ = Glibc.close(descriptor)
            throw error
        }
        let connection = try TCPConnection(descriptor: descriptor, remoteAddress: address, loop: loop)
        // Whoever connects speaks first: nothing to read before an event says so.
        connection.isReadable = false
        if result != 0 {
            connection.isWritable = false
            connection.setDeadline(deadline)
            do throws(IOError) {
                try await connection.waitUntilConnected()
            } catch {
                connection.close()
                throw error
            }
            connection.clearDeadline()
        }
        return connection
    }

    private func waitUntilConnected() async throws(IOError) {
        while !self.isWritable {
            try self.check("connect")
            await withUnsafeContinuation { self.writeWaiter = $0 }
        }
        try self.check("connect")
    }
}
