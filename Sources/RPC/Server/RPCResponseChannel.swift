import HTTPCore
import Synchronization

/// Takes messages from the handler's task to the task that writes to the connection. It holds a few, and then the
/// handler waits: a slow reader slows its handler down, and fills no memory.
final class RPCResponseChannel: Sendable {
    /// A handler waits while this many bytes are not taken: 64 KiB, a connection's window by default.
    static let byteCountMax = 64 * 1_024

    /// What the answer's head waits for.
    enum Opening: Sendable {
        /// A message, or the handler's wish: the head goes first and the status in trailers.
        case open
        /// Nothing came before the end.
        case ended
    }

    /// The rules alone.
    private struct State {
        var bytes: [UInt8] = []
        var isOpen = false
        var trailers: HTTPFields?
        var isCancelled = false
        /// The handler's task is cancelled: it waits no more, and may still say how the call ended.
        var isWriterCancelled = false
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        /// The reader waits for the opening, rather than for bytes.
        var awaitsOpening = false

        /// Whoever reads, if there is now what it waits for.
        mutating func takeReader() -> CheckedContinuation<Void, Never>? {
            guard self.isCancelled || self.trailers != nil || self.isOpen && (self.awaitsOpening || !self.bytes.isEmpty)
            else { return nil }
            return self.reader.take()
        }
    }

    private let state = Mutex(State())

    // MARK: Handler

    /// Lets the head go.
    func open() {
        let reader = self.state.withLock { state in
            state.isOpen = true
            return state.takeReader()
        }
        reader?.resume()
    }

    /// Hands over framed messages, and waits while too much is not taken.
    ///
    /// - Throws: `CancellationError` once the caller has gone.
    func write(_ bytes: [UInt8]) async throws {
        let (reader, isFull, isCancelled) = self.state.withLock { state in
            state.isOpen = true
            if state.isCancelled { return (state.reader.take(), false, true) }
            if state.bytes.isEmpty { state.bytes = bytes } else { state.bytes += bytes }
            return (state.takeReader(), state.bytes.count >= Self.byteCountMax, false)
        }
        reader?.resume()
        if isCancelled { throw CancellationError() }
        if isFull { await self.waitForRoom() }
        try Task.checkCancellation()
    }

    private func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = self.state.withLock { state in
                    guard state.bytes.count >= Self.byteCountMax, !state.isCancelled, !state.isWriterCancelled
                    else { return false }
                    state.writer = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            let writer = self.state.withLock { state in
                state.isWriterCancelled = true
                return state.writer.take()
            }
            writer?.resume()
        }
    }

    /// The handler has ended; `trailers` hold the status.
    func finish(_ trailers: HTTPFields) {
        let reader = self.state.withLock { state in
            state.trailers = trailers
            return state.takeReader()
        }
        reader?.resume()
    }

    // MARK: Connection

    /// Waits until it is known how the answer begins.
    func opening() async -> Opening {
        await self.wait {
            $0.isOpen || $0.trailers != nil || $0.isCancelled
        } setting: {
            $0.awaitsOpening = true
        }
        return self.state.withLock { $0.isOpen ? .open : .ended }
    }

    /// What the handler has written since; nil at the end.
    ///
    /// - Throws: `CancellationError` after `cancel`.
    func next() async throws -> [UInt8]? {
        await self.wait {
            !$0.bytes.isEmpty || $0.trailers != nil || $0.isCancelled
        } setting: {
            $0.awaitsOpening = false
        }
        let (bytes, writer, isCancelled) = self.state.withLock { state in
            (state.bytes.isEmpty ? nil : exchange(&state.bytes, with: []), state.writer.take(), state.isCancelled)
        }
        writer?.resume()
        if isCancelled { throw CancellationError() }
        return bytes
    }

    var trailers: HTTPFields? {
        self.state.withLock { $0.bytes.isEmpty ? $0.trailers : nil }
    }

    /// The caller has gone, or wants no more. True for the first time, and before the end.
    @discardableResult
    func cancel() -> Bool {
        let (isFirst, reader, writer) = self.state.withLock { state in
            let isFirst = !state.isCancelled && state.trailers == nil
            state.isCancelled = state.isCancelled || isFirst
            return (isFirst, state.reader.take(), state.writer.take())
        }
        reader?.resume()
        writer?.resume()
        return isFirst
    }

    private func wait(
        until isReady: @Sendable (borrowing State) -> Bool, setting prepare: @Sendable (inout State) -> Void
    ) async {
        await withCheckedContinuation { continuation in
            let mustWait = self.state.withLock { state in
                prepare(&state)
                guard !isReady(state) else { return false }
                state.reader = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }
}

private func exchange<T>(_ place: inout T, with value: T) -> T {
    let old = place
    place = value
    return old
}
