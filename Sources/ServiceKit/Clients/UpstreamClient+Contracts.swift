public import HTTPCore
public import ShopContracts

/// What the typed clients of `ShopContracts` send through.
extension UpstreamClient: TemplatedTransport {
    public func send(_ request: HTTPRequest, template: String?, deadline: Deadline) async throws -> HTTPResponse {
        try await self.send(request, template: template, spanName: nil, deadline: deadline)
    }
}

extension UpstreamError: UpstreamFailure {}
