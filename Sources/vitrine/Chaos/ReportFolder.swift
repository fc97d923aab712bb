import CSystem
import Chaos
import Glibc
import HTTPCore
import NetworkIO

/// Where the report of a run is kept.
enum ReportFolder {
    /// Now, in RFC 3339.
    static func timestamp() -> String {
        var seconds = time_t(vitrine_realtime_nanoseconds() / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1_900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }

    /// Writes Markdown, JSON and the chart.
    /// - Returns: the folder, named by the experiment and the time.
    static func write(_ report: RunReport, below parent: String, startedAt: String) throws -> String {
        let time = startedAt.filter { $0 != ":" && $0 != "-" }
        let folder = "\(parent)/\(report.experiment.name)-\(time)"
        try SmallFile.makeFolder(folder)
        try self.write(Array(report.markdown().utf8), to: "\(folder)/report.md")
        try self.write(report.json(startedAt: startedAt) + [0x0A], to: "\(folder)/report.json")
        try self.write(Array(report.chart().utf8), to: "\(folder)/chart.svg")
        return folder
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure("cannot write \(path): \(errorText(errno))") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw CommandFailure("cannot write \(path): \(errorText(errno))") }
            rest = rest.dropFirst(count)
        }
    }
}
