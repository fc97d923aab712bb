import Glibc

extension Resource {
    /// Host and process, as the operating system tells them.
    static func detected(serviceName: String, serviceVersion: String) -> Resource {
        Resource([
            .init("service.name", serviceName),
            .init("service.version", serviceVersion),
            .init("service.instance.id", self.instanceID()),
            .init("telemetry.sdk.name", "vitrine"),
            .init("telemetry.sdk.language", "swift"),
            .init("telemetry.sdk.version", serviceVersion),
            .init("host.name", self.hostName()),
            .init("os.type", "linux"),
            .init("process.pid", Int(getpid())),
            .init("process.executable.name", self.executableName()),
            .init("process.runtime.name", "swift"),
        ])
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

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func executableName() -> String {
        let path = CommandLine.arguments.first ?? "unknown"
        return String(path.split(separator: "/").last ?? "unknown")
    }
}
