import HTTPCore
import Synchronization

/// One message and the trailers behind it.
final class RPCSingleBody: HTTPBodyStream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: read by the one task that writes to the connection; `cancel` touches nothing.

    private var bytes: [UInt8]?
    private let end: HTTPFields

    init(_ bytes: [UInt8], trailers: HTTPFields) {
        self.bytes = bytes.isEmpty ? nil : bytes
        self.end = trailers
    }

    func next() async throws -> [UInt8]? { self.bytes.take() }
    var trailers: HTTPFields? { self.bytes == nil ? self.end : nil }
    func cancel() {}
}

/// The messages that a handler writes. Whoever drops it before the end has given up, and the handler is told.
final class RPCStreamedBody: HTTPBodyStream, Sendable {
    private let channel: RPCResponseChannel
    private let context: RPCServerContext

    init(_ channel: RPCResponseChannel, _ context: RPCServerContext) {
        self.channel = channel
        self.context = context
    }

    deinit { self.cancel() }

    func next() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await self.channel.next()
        } onCancel: {
            self.cancel()
        }
    }

    var trailers: HTTPFields? { self.channel.trailers }

    func cancel() {
        if self.channel.cancel() { self.context.cancel() }
    }
}
