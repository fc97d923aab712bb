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

    @inlinable
    public static var hostArch: AttributeKey<String> {
        .init("host.arch", .development, "The kind of processor: `amd64`, `arm64`.")
    }
    @inlinable
    public static var osVersion: AttributeKey<String> {
        .init("os.version", .development, "The release of the kernel.")
    }
    @inlinable
    public static var processExecutablePath: AttributeKey<String> {
        .init("process.executable.path", .development, "Where the program file lies.")
    }
    @inlinable
    public static var containerID: AttributeKey<String> {
        .init("container.id", .development, "The container the process runs in, where it runs in one.")
    }
    @inlinable
    public static var k8sClusterName: AttributeKey<String> {
        .init("k8s.cluster.name", .development, "The cluster, from `K8S_CLUSTER_NAME`.")
    }
    @inlinable
    public static var k8sNamespaceName: AttributeKey<String> {
        .init("k8s.namespace.name", .development, "The pod's namespace, from `K8S_NAMESPACE_NAME` or `POD_NAMESPACE`.")
    }
    @inlinable
    public static var k8sNodeName: AttributeKey<String> {
        .init("k8s.node.name", .development, "The pod's node, from `K8S_NODE_NAME` or `NODE_NAME`.")
    }
    @inlinable
    public static var k8sPodName: AttributeKey<String> {
        .init("k8s.pod.name", .development, "The pod, from `K8S_POD_NAME` or `POD_NAME`.")
    }
    @inlinable
    public static var k8sPodUID: AttributeKey<String> {
        .init("k8s.pod.uid", .development, "The pod's id, from `K8S_POD_UID` or `POD_UID`.")
    }
    @inlinable
    public static var k8sContainerName: AttributeKey<String> {
        .init("k8s.container.name", .development, "The container, from `K8S_CONTAINER_NAME` or `CONTAINER_NAME`.")
    }
    @inlinable
    public static var k8sDeploymentName: AttributeKey<String> {
        .init("k8s.deployment.name", .development, "The deployment, from `K8S_DEPLOYMENT_NAME`.")
    }

    /// All of this file: what a process says of itself.
    static var resource: [any DeclaredAttribute] {
        [
            serviceName, serviceVersion, serviceInstanceID, telemetrySDKName, telemetrySDKLanguage,
            telemetrySDKVersion, hostName, osType, processPID, processExecutableName, processRuntimeName,
            hostArch, osVersion, processExecutablePath, containerID, k8sClusterName, k8sNamespaceName, k8sNodeName,
            k8sPodName, k8sPodUID, k8sContainerName, k8sDeploymentName,
        ]
    }
}
