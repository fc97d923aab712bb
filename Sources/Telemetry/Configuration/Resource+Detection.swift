import Glibc

extension Resource {
    /// Service, host, process, container and cluster, as the operating system and the environment tell them.
    static func detected(serviceName: String, serviceVersion: String, environment: [String: String] = [:]) -> Resource {
        Resource(
            [
                .serviceName(serviceName), .serviceVersion(serviceVersion), .serviceInstanceID(self.instanceID()),
                .telemetrySDKName("vitrine"), .telemetrySDKLanguage("swift"), .telemetrySDKVersion(serviceVersion),
            ] + self.host() + self.process() + self.container() + KubernetesResource.attributes(environment))
    }

    /// A random UUID (RFC 9562, version 4): new at every start, as the convention wants without a better source.
    private static func instanceID() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(0x2d) }
            text.append(Hexadecimal.character(byte >> 4))
            text.append(Hexadecimal.character(byte & 0xf))
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Host

    private static func host() -> [Attribute] {
        var attributes: [Attribute] = [.hostName(self.hostName()), .osType("linux")]
        var names = utsname()
        guard uname(&names) == 0 else { return attributes }
        attributes.append(.hostArch(self.architecture(self.text(of: names.machine))))
        attributes.append(.osVersion(self.text(of: names.release)))
        return attributes
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The convention's word for what `uname` says.
    static func architecture(_ machine: String) -> String {
        switch machine {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        case "i386", "i686": "x86"
        case let arm where arm.hasPrefix("arm"): "arm32"
        default: machine
        }
    }

    /// A C array of characters, imported as a tuple.
    private static func text<T>(of field: T) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    // MARK: Process

    /// Arguments and owner are left out: they may tell secrets and persons.
    private static func process() -> [Attribute] {
        let path = self.executablePath()
        return [
            .processPID(Int(getpid())),
            .processExecutableName(String(path.split(separator: "/").last ?? "unknown")),
            .processExecutablePath(path), .processRuntimeName("swift"),
        ]
    }

    private static func executablePath() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return CommandLine.arguments.first ?? "unknown" }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Container

    private static func container() -> [Attribute] {
        let cgroup = ProcessStatistics.contents("/proc/self/cgroup").flatMap { ContainerID.find(inCgroup: $0) }
        let id =
            cgroup ?? ProcessStatistics.contents("/proc/self/mountinfo").flatMap { ContainerID.find(inMountInfo: $0) }
        return id.map { [.containerID($0)] } ?? []
    }
}
