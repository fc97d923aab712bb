import NetworkIO
import TLS

/// Opens connections to the addresses of one upstream, secure ones included.
struct HTTPConnector {
    let upstream: String
    let loop: EventLoop
    let configuration: HTTPClientConfiguration

    /// - Parameter deadline: nanoseconds of the monotonic clock; the timeouts of the configuration come on top.
    func open(_ target: HTTPTarget, deadline: UInt64) async throws(IOError) -> TCPConnection {
        let limit = min(deadline, self.loop.now &+ self.configuration.connectTimeout.wholeNanoseconds)
        let connection = try await TCPConnection.connect(to: target.address, on: self.loop, deadline: limit)
        guard let host = target.secureHost else { return connection }
        do throws(IOError) {
            connection.setDeadline(min(deadline, self.loop.now &+ self.configuration.handshakeTimeout.wholeNanoseconds))
            try await connection.startTLS(self.session(with: host))
            connection.clearDeadline()
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func session(with host: String) throws(IOError) -> TLSSession {
        guard let context = self.configuration.tls else {
            preconditionFailure("the upstream \(self.upstream) has an https endpoint and no TLS context")
        }
        do throws(TLSError) { return try context.makeSession(connectingTo: host) } catch {
            throw IOError(.tls(error), in: "handshake")
        }
    }

    func explain(_ error: IOError) -> HTTPClientError {
        if case .tls(let error) = error.reason { return HTTPClientError(.handshake(error), upstream: self.upstream) }
        return HTTPClientError(.connect(error), upstream: self.upstream)
    }
}
