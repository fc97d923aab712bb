/// Whatever answers requests: a router, a proxy, a fake in a test.
///
/// It never throws: an error is an answer too, and is made one where it is understood.
public protocol HTTPResponder: Sendable {
    func respond(to request: HTTPRequest) async -> HTTPResponse
}
