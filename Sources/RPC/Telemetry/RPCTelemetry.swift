public import Telemetry

/// The metrics of gRPC servers and clients, as the semantic conventions set them. They know no gauge of calls in
/// progress; the histograms' counts and the HTTP/2 streams say as much.
public enum RPCMetrics {
    private static let labelNames = ["rpc.system.name", "rpc.method", "rpc.response.status_code", "error.type"]

    public static let serverDuration = DynamicDescriptor(
        "rpc.server.call.duration", kind: .histogram, unit: .seconds,
        help: "Time from the head of a call to its status, by method and status.", labelNames: Self.labelNames,
        labelValues: ["rpc.system.name": [RPCTelemetryName.system], "rpc.response.status_code": Self.codes])
    public static let clientDuration = DynamicDescriptor(
        "rpc.client.call.duration", kind: .histogram, unit: .seconds,
        help: "Time from sending a call to its status, by method and status; each attempt counts.",
        labelNames: Self.labelNames,
        labelValues: ["rpc.system.name": [RPCTelemetryName.system], "rpc.response.status_code": Self.codes])

    private static let codes = RPCCode.allCases.map(\.name)
}

enum RPCTelemetryName {
    /// The value of `rpc.system.name`.
    static let system = "grpc"
    /// The value of `rpc.method` for a method nobody knows, so that no stranger can make series at will.
    static let unknownMethod = "_OTHER"
}

extension Attribute {
    static var rpcMethodOriginal: AttributeKey<String> {
        .init("rpc.method_original", .development, "The method as it was asked for, where it is not a known one.")
    }
    static var rpcResendCount: AttributeKey<Int> {
        .init("shop.rpc.resend_count", .ours, "How often the call has been made again, from 1 on the second try.")
    }
    static var rpcMicroseconds: AttributeKey<Int> {
        .init("shop.rpc.duration_us", .ours, "Time from the head of the call to its status, in microseconds.")
    }
}

extension TelemetryCatalogue {
    /// What servers and clients of gRPC emit.
    public static var rpc: TelemetryCatalogue {
        TelemetryCatalogue(
            attributes: [Attribute.rpcMethodOriginal, Attribute.rpcResendCount, Attribute.rpcMicroseconds],
            spans: [
                SpanDescriptor(
                    named: [Attribute.rpcMethod], kind: .server, "A call of gRPC, from its head to its status.",
                    RPCServerTelemetry.attributes),
                SpanDescriptor(
                    named: [Attribute.rpcMethod], kind: .client,
                    "One attempt to call another service through gRPC, until its status.",
                    RPCClientTelemetry.attributes),
            ],
            logEvents: [
                LogEventDescriptor(
                    "rpc", .info, "A call was answered.", RPCServerTelemetry.attributes + [Attribute.errorType]),
                LogEventDescriptor(
                    "rpc failed", .error, "A call was answered with a status that says the server failed.",
                    RPCServerTelemetry.attributes + [Attribute.errorType]),
            ])
    }
}
