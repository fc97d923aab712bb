/// Source: OpenTelemetry semantic conventions, "RPC".
extension Attribute {
    @inlinable
    public static var rpcSystemName: AttributeKey<String> {
        .init("rpc.system.name", .development, "The kind of remote call: `grpc`.")
    }
    @inlinable
    public static var rpcMethod: AttributeKey<String> {
        .init("rpc.method", .development, "The method, fully qualified: `package.Service/Method`.")
    }
    @inlinable
    public static var rpcResponseStatusCode: AttributeKey<String> {
        .init("rpc.response.status_code", .development, "The status of the answer: `OK`, `UNAVAILABLE`.")
    }

    /// All of this file.
    static var rpc: [any DeclaredAttribute] {
        [
            rpcSystemName, rpcMethod, rpcResponseStatusCode,
        ]
    }
}
