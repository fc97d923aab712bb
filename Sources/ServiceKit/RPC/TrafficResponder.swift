import HTTPCore
import RPC

/// What a service's port answers: gRPC by its content type, anything else through the routes.
struct TrafficResponder: HTTPResponder {
    let routes: RequestPipeline
    let calls: RPCServer

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        // What the gateway passes on is HTTP/1.1, whatever a stranger calls its content.
        if request.version == .http2, RPCServer.accepts(request) { return await self.calls.respond(to: request) }
        return await self.routes.respond(to: request)
    }
}
