/// Source: OpenTelemetry semantic conventions, "Server, client and network" (stable).
extension Attribute {
    /// `server.address`: the host name or address called, or called by.
    public static func serverAddress(_ address: String) -> Attribute { .init("server.address", address) }
    /// `server.port`
    public static func serverPort(_ port: Int) -> Attribute { .init("server.port", port) }
    /// `client.address`: a person's, so encoders redact it.
    public static func clientAddress(_ address: String) -> Attribute {
        .init("client.address", address, sensitivity: .personal)
    }
    /// `network.peer.address`: the other end of the socket.
    public static func networkPeerAddress(_ address: String) -> Attribute { .init("network.peer.address", address) }
    /// `network.peer.port`
    public static func networkPeerPort(_ port: Int) -> Attribute { .init("network.peer.port", port) }
    /// `network.protocol.name`
    public static func networkProtocolName(_ name: String) -> Attribute { .init("network.protocol.name", name) }
    /// `network.protocol.version`: `1.1`, `2`.
    public static func networkProtocolVersion(_ version: String) -> Attribute {
        .init("network.protocol.version", version)
    }
}
