import Glibc
import LoadGenerator
import NetworkIO

/// `vitrine load`: made-up customers at a rate of their own.
enum LoadCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try LoadOptions(arguments)
        let signals = try TerminationSignals()
        ParentProcess.follow()
        let admin = try options.metricsPort.map {
            try LoadAdmin(host: options.metricsHost, port: $0, environment: ProcessEnvironment.current())
        }
        defer { withExtendedLifetime(admin) {} }
        let run = try LoadRun(options.plan, target: options.target, telemetry: admin?.telemetry)
        let running = Task { await run.run() }
        // Waits for a signal to the end of the process: nothing cancels that, and nothing needs to.
        Task.detached {
            _ = await signals.next()
            running.cancel()
            _ = await signals.next()
            exit(130)
        }
        let progress = options.isQuiet ? nil : Task { await LoadProgress(run, isGentle: options.isGentle).show() }
        let report = await running.value
        progress?.cancel()
        await progress?.value
        try self.print(report, options)
        // The lab ends its customers whenever it likes: what they met is in its metrics.
        if !options.isGentle { try self.judge(report, options) }
    }

    private static func print(_ report: LoadReport, _ options: LoadOptions) throws {
        if let path = options.jsonPath, path != "-" {
            try SmallFile.write(String(decoding: report.json(), as: UTF8.self) + "\n", to: path, mode: 0o644)
        } else if options.jsonPath != nil {
            Swift.print(String(decoding: report.json(), as: UTF8.self))
            return
        }
        if !options.isQuiet || options.jsonPath == nil { Swift.print(report.text()) }
    }

    private static func judge(_ report: LoadReport, _ options: LoadOptions) throws {
        let total = report.total
        if total.requests == total.failed { throw CommandFailure("no request succeeded") }
        guard let bound = options.failAbove, total.errorShare > bound else { return }
        throw CommandFailure(
            "\(total.failed) of \(total.requests) requests failed: more than the \(LoadText.threeDigits(bound * 100)) % of --fail-above"
        )
    }
}

/// What a run shows of itself while it goes on.
struct LoadProgress {
    private let run: LoadRun
    private let isRedrawn: Bool
    private let secondsBetween: UInt64

    init(_ run: LoadRun, isGentle: Bool) {
        self.run = run
        self.isRedrawn = Terminal.isInteractive
        self.secondsBetween = isGentle ? 60 : self.isRedrawn ? 1 : 5
    }

    /// Until the task is cancelled.
    func show() async {
        while true {
            do { try await Task.sleep(for: .seconds(self.secondsBetween)) } catch { break }
            let line = self.line()
            self.write(self.isRedrawn ? "\r\u{1B}[K\(line)" : line + "\n")
        }
        if self.isRedrawn { self.write("\r\u{1B}[K") }
    }

    private func line() -> String {
        let snapshot = self.run.snapshot
        let now = UInt64(snapshot.elapsed / .seconds(1))
        let from = now - min(now, self.secondsBetween)
        let window = self.run.window(from: from, to: now, failuresMax: 1)
        let recent = window.total
        let rate = Double(recent.requests + window.unlisted) / Double(max(1, now - from))
        var line = "\(self.clock(now))  \(LoadText.threeDigits(rate)) requests/s"
        line += "  p50 \(LoadText.short(recent.latency.percentile(0.5)))"
        line += "  p99 \(LoadText.short(recent.latency.percentile(0.99)))"
        line += "  \(snapshot.journeys.inFlight) under way  \(snapshot.total.requests) done"
        line += "  \(snapshot.total.failed) errors  \(snapshot.total.count(of: .refused)) refused"
        if snapshot.journeys.dropped > 0 { line += "  \(snapshot.journeys.dropped) dropped" }
        if let failure = window.failures.first {
            line += "  (\(failure.step) \(failure.outcome), trace \(failure.traceID))"
        }
        return line
    }

    private func clock(_ seconds: UInt64) -> String {
        let rest = String(seconds % 60)
        return "\(seconds / 60):\(rest.count < 2 ? "0" : "")\(rest)"
    }

    /// At once: a line that is redrawn has no end for the buffer to wait for.
    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDOUT_FILENO, bytes, bytes.count)
    }
}
