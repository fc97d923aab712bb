import HTTPCore
import RPC

/// What a service's port answers: gRPC by its content type, anything else through the routes.
struct TrafficResponder: HTTPResponder {
    let routes: RequestPipeline
    let calls: RPCServer

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        if RPCServer.accepts(request) { return await self.calls.respond(to: request) }
        return await self.routes.respond(to: request)
    }
}
