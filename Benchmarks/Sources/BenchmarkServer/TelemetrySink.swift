import HTTPCore
import HTTPEngine
import NetworkIO
import ServiceKit

/// Takes OTLP exports and forgets them: a collector that costs as little as one can.
enum TelemetrySink {
    private struct Responder: HTTPResponder {
        func respond(to request: HTTPRequest) async -> HTTPResponse {
            guard (try? await request.body.collect(upTo: 64 << 20)) != nil else {
                return HTTPResponse(.badRequest, fields: .init(), body: .empty)
            }
            var fields = HTTPFields()
            fields.append(.contentType, literal: "application/json")
            return HTTPResponse(.ok, fields: fields, body: .bytes(Array("{}".utf8)))
        }
    }

    static func run(_ environment: [String: String], _ signals: TerminationSignals) async throws {
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        guard let port = environment["VITRINE_PORT"].flatMap(Int.init),
            let address = SocketAddress(numericHost: "127.0.0.1", port: port)
        else { throw StartError("VITRINE_PORT: the sink needs a port") }
        var configuration = HTTPServerConfiguration()
        configuration.bodyBytesMax = 64 << 20
        let server = try HTTPServer(
            address: address, loops: loops.traffic, configuration: configuration, responder: Responder())
        _ = await signals.next()
        await server.drain(within: .seconds(1))
    }
}
