/// Source: OpenTelemetry semantic conventions, "Server", "Client" and "Network".
extension Attribute {
    @inlinable
    public static var serverAddress: AttributeKey<String> {
        .init("server.address", .stable, "The host name or address that was called, or is listened on.")
    }
    @inlinable
    public static var serverPort: AttributeKey<Int> { .init("server.port", .stable, "The port that was called.") }
    @inlinable
    public static var clientAddress: AttributeKey<String> {
        .init("client.address", .stable, "The address of a person's device.", sensitivity: .personal)
    }
    @inlinable
    public static var networkPeerAddress: AttributeKey<String> {
        .init("network.peer.address", .stable, "The other end of the socket.")
    }
    @inlinable
    public static var networkPeerPort: AttributeKey<Int> {
        .init("network.peer.port", .stable, "The port of the other end of the socket.")
    }
    @inlinable
    public static var networkProtocolName: AttributeKey<String> {
        .init("network.protocol.name", .stable, "The protocol spoken, such as `http`.")
    }
    @inlinable
    public static var networkProtocolVersion: AttributeKey<String> {
        .init("network.protocol.version", .stable, "The version of the protocol: `1.1`, `2`.")
    }

    /// All of this file.
    static var network: [any DeclaredAttribute] {
        [
            serverAddress, serverPort, clientAddress, networkPeerAddress, networkPeerPort, networkProtocolName,
            networkProtocolVersion,
        ]
    }
}
