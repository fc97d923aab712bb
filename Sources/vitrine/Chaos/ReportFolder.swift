import CSystem
import Chaos
import Glibc
import HTTPCore

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
        try WholeFile.write(Array(report.markdown().utf8), to: "\(folder)/report.md", mode: 0o644)
        try WholeFile.write(report.json(startedAt: startedAt) + [0x0A], to: "\(folder)/report.json", mode: 0o644)
        try WholeFile.write(Array(report.chart().utf8), to: "\(folder)/chart.svg", mode: 0o644)
        return folder
    }
}
