/// Source: OpenTelemetry semantic conventions, "Resource". They describe the process, on every signal it sends.
extension Attribute {
    @inlinable
    public static var serviceName: AttributeKey<String> { .init("service.name", .stable, "The service.") }
    @inlinable
    public static var serviceVersion: AttributeKey<String> {
        .init("service.version", .stable, "The version of the program.")
    }
    @inlinable
    public static var serviceInstanceID: AttributeKey<String> {
        .init("service.instance.id", .development, "The process, told from every other of the service.")
    }
    @inlinable
    public static var telemetrySDKName: AttributeKey<String> {
        .init("telemetry.sdk.name", .stable, "What records the telemetry: `vitrine`.")
    }
    @inlinable
    public static var telemetrySDKLanguage: AttributeKey<String> {
        .init("telemetry.sdk.language", .stable, "What it is written in: `swift`.")
    }
    @inlinable
    public static var telemetrySDKVersion: AttributeKey<String> {
        .init("telemetry.sdk.version", .stable, "The version of what records the telemetry.")
    }
    @inlinable
    public static var hostName: AttributeKey<String> { .init("host.name", .development, "The machine.") }
    @inlinable
    public static var osType: AttributeKey<String> { .init("os.type", .development, "The kind of operating system.") }
    @inlinable
    public static var processPID: AttributeKey<Int> { .init("process.pid", .development, "The number of the process.") }
    @inlinable
    public static var processExecutableName: AttributeKey<String> {
        .init("process.executable.name", .development, "The program file.")
    }
    @inlinable
    public static var processRuntimeName: AttributeKey<String> {
        .init("process.runtime.name", .development, "What the program is written in.")
    }

    /// All of this file: what a process says of itself.
    static var resource: [any DeclaredAttribute] {
        [
            serviceName, serviceVersion, serviceInstanceID, telemetrySDKName, telemetrySDKLanguage,
            telemetrySDKVersion, hostName, osType, processPID, processExecutableName, processRuntimeName,
        ]
    }
}
