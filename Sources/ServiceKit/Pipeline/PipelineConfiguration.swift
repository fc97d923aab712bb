public import Telemetry

/// How one listener treats its requests.
public struct PipelineConfiguration: Sendable {
    /// What a caller must send as `x-internal-token`; nil on the listener that faces strangers.
    public var internalToken: String?
    /// The longest an answer may take where its route sets nothing; 10 s.
    public var requestTimeout: Duration = .seconds(10)

    /// What is made of the trace context that a caller sends; `.trust`.
    public var remoteContext = RemoteContextPolicy.trust

    public init(internalToken: String?) { self.internalToken = internalToken }
}
