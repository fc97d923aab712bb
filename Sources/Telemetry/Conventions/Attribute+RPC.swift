/// Source: OpenTelemetry semantic conventions, "RPC".
extension Attribute {
    /// `rpc.system.name`: `grpc`.
    public static func rpcSystemName(_ name: String) -> Attribute { .init("rpc.system.name", name) }
    /// `rpc.method`: fully qualified, `package.Service/Method`.
    public static func rpcMethod(_ name: String) -> Attribute { .init("rpc.method", name) }
    /// `rpc.response.status_code`: `OK`, `UNAVAILABLE`.
    public static func rpcResponseStatusCode(_ code: String) -> Attribute { .init("rpc.response.status_code", code) }
}
