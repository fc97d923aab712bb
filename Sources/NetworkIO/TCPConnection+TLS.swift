import CSystem
import Glibc
public import TLS

extension TCPConnection {
    /// Performs the handshake of `session`; everything sent and received afterwards goes through it.
    ///
    /// Bytes received and not yet consumed are taken for the peer's part of the handshake. Set a deadline before.
    /// - Throws: `IOError` with `tls` when either side refuses the other, `timedOut` when the deadline passed. Close
    ///   the connection then.
    public func startTLS(_ session: TLSSession) async throws(IOError) {
        precondition(self.secureLayer == nil && self.outboundCount == 0, "TLS starts on a connection in use")
        let layer = TLSLayer(session)
        self.secureLayer = layer
        try self.feed(self.received, to: layer)
        self.consume(self.receivedCount)
        while true {
            try self.check("handshake")
            if try self.goOn(with: layer) { return }
            switch try self.takeCiphertext(for: layer, in: "handshake") {
            case .fed: continue
            case .drained: await self.waitUntilReadable()
            case .ended: throw self.fail(IOError(.tls(.handshakeCutOff), in: "handshake"))
            }
        }
    }

    private func goOn(with layer: TLSLayer) throws(IOError) -> Bool {
        do throws(TLSError) {
            let isComplete = try layer.session.handshake()
            self.sendNow()
            return isComplete
        } catch {
            throw self.failSecurely(error, in: "handshake")
        }
    }

    /// Fails after the peer has been sent the alert, if there is one.
    private func failSecurely(_ error: TLSError, in operation: StaticString) -> IOError {
        self.sendNow()
        return self.fail(IOError(.tls(error), in: operation))
    }

    // MARK: Receiving

    private enum Intake { case fed, drained, ended }

    /// One `recv` of ciphertext into the session. Does nothing on a socket known to be drained.
    private func takeCiphertext(for layer: TLSLayer, in operation: StaticString) throws(IOError) -> Intake {
        guard self.isReadable else { return .drained }
        let room = EventLoop.bufferBytes
        let buffer = self.loop.takeBuffer()
        defer { self.loop.giveBack(buffer) }
        let count = retryingInterrupts { recv(self.descriptor, buffer, room, 0) }
        if count > 0 {
            // A short read emptied the socket, as in `receiveNow`.
            if count < room && !self.peerHungUp { self.isReadable = false }
            try self.feed(UnsafeRawBufferPointer(start: buffer, count: count), to: layer)
            return .fed
        }
        if count == 0 { return .ended }
        if errno == EAGAIN {
            self.isReadable = false
            return .drained
        }
        throw self.fail(IOError.last(in: operation))
    }

    private func feed(_ bytes: UnsafeRawBufferPointer, to layer: TLSLayer) throws(IOError) {
        do throws(TLSError) { try layer.session.feed(bytes) } catch {
            throw self.fail(IOError(.tls(error), in: "recv"))
        }
    }

    /// Decrypts up to one record behind the bytes not yet consumed; nil when session and socket have no more.
    func receiveDecrypted(_ layer: TLSLayer, into target: UnsafeMutableRawBufferPointer) throws(IOError) -> Int? {
        while true {
            switch try self.read(layer, into: target) {
            case .bytes(let count):
                self.inboundTail += count
                return count
            case .ended:
                self.sawEnd = true
                return 0
            case .needsInput: break
            }
            switch try self.takeCiphertext(for: layer, in: "recv") {
            case .fed: continue
            case .drained: return nil
            // An end that anybody on the way could have forged: an answer that lasts to the end may be cut short.
            case .ended: throw self.fail(IOError(.tls(.truncated), in: "recv"))
            }
        }
    }

    private func read(
        _ layer: TLSLayer, into target: UnsafeMutableRawBufferPointer
    ) throws(IOError) -> TLSSession.ReadResult {
        do throws(TLSError) {
            let result = try layer.session.read(into: target)
            // The answer to a key update.
            if layer.session.ciphertextCount > 0 { self.sendNow() }
            return result
        } catch {
            throw self.failSecurely(error, in: "recv")
        }
    }

    /// The part of `receiveLeftovers` that is the secure layer's.
    /// - Returns: false when there is no more to come.
    func decryptLeftovers(_ layer: TLSLayer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        // The failure that led here says nothing about bytes that arrived before it.
        self.isReadable = true
        do throws(IOError) { return try self.receiveDecrypted(layer, into: target) ?? 0 > 0 } catch { return false }
    }

    /// Looks, before a socket's failure is told, for an alert that arrived ahead of it: a peer that refuses says why
    /// and then often resets the connection, and its reason is the better one to tell.
    func lookForAlert(_ layer: TLSLayer) {
        self.isReadable = true
        while self.failure == nil {
            do throws(TLSError) {
                // What can still be read stays where it is, for `receiveLeftovers`.
                guard try layer.session.peek() == .needsInput else { return }
            } catch {
                _ = self.fail(IOError(.tls(error), in: "recv"))
                return
            }
            do throws(IOError) {
                guard try self.takeCiphertext(for: layer, in: "recv") == .fed else { return }
            } catch {
                return
            }
        }
    }

    // MARK: Resting

    /// Whether the peer has neither ended nor sent anything that was not asked for.
    ///
    /// A server sends session tickets when it likes, often after the handshake (RFC 8446, section 4.6.1): they are
    /// dealt with here and do not count.
    func isQuiet(_ layer: TLSLayer) -> Bool {
        do {
            while true {
                guard try layer.session.peek() == .needsInput else { return false }
                switch try self.takeCiphertext(for: layer, in: "recv") {
                case .fed: continue
                case .ended: return false
                case .drained:
                    self.sendNow()
                    return self.failure == nil && self.outboundCount == 0
                }
            }
        } catch {
            return false
        }
    }

    /// Whether a connection that rests can go on to do so after these events: never a plain one.
    func mayRestOn(_ events: UInt32) -> Bool {
        let ends = EPOLLERR.rawValue | EPOLLHUP.rawValue | EPOLLRDHUP.rawValue
        guard let layer = self.secureLayer, events & ends == 0 else { return false }
        if events & EPOLLOUT.rawValue != 0 { self.isWritable = true }
        self.isReadable = true
        return self.isQuiet(layer)
    }

    // MARK: Sending

    /// What `sendNow` is on a plain connection. Encrypts only what the socket has room for, roughly, so that a slow
    /// peer holds up the producer and not memory.
    func sendEncrypted(_ layer: TLSLayer) {
        while self.isWritable {
            layer.collect()
            if layer.ciphertextCount == 0 {
                guard self.encryptNext(layer) else { break }
            }
            guard self.sendCiphertext(of: layer) else { return }
        }
        self.finishSending()
    }

    /// - Returns: false when there is nothing to encrypt, or nothing can be yet.
    private func encryptNext(_ layer: TLSLayer) -> Bool {
        let count = min(self.outbound.count - self.outboundHead, TLSLayer.plaintextBytesMax)
        guard count > 0, layer.session.isHandshakeComplete else { return false }
        let part = self.outboundHead..<self.outboundHead + count
        let failure = self.outbound.withUnsafeBytes { bytes -> TLSError? in
            do throws(TLSError) { try layer.session.write(UnsafeRawBufferPointer(rebasing: bytes[part])) } catch {
                return error
            }
            return nil
        }
        if let failure {
            _ = self.fail(IOError(.tls(failure), in: "send"))
            return false
        }
        self.outboundHead += count
        layer.collect()
        return true
    }

    /// One `send` of ciphertext.
    /// - Returns: false when the connection failed.
    private func sendCiphertext(of layer: TLSLayer) -> Bool {
        let count = layer.withCiphertext { bytes in
            retryingInterrupts { send(self.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
        if count >= 0 {
            layer.sent(count)
            // Edge-triggered: a short write filled the socket, and its next event tells of room.
            if layer.ciphertextCount > 0 { self.isWritable = false }
            return true
        }
        if errno == EAGAIN {
            self.isWritable = false
            return true
        }
        let error = IOError.last(in: "send")
        self.lookForAlert(layer)
        _ = self.fail(error)
        return false
    }

    /// Sends close_notify if everything else has been sent; after a part of an answer it would be a lie.
    func sendClose(_ layer: TLSLayer) {
        guard self.failure == nil, self.outboundCount == 0 else { return }
        layer.session.close()
        self.sendNow()
    }
}
