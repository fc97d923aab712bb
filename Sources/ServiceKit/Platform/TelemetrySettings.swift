import Telemetry

/// The platform's own settings of telemetry, beside those that the OpenTelemetry specification names.
struct TelemetrySettings: Sendable {
    /// `VITRINE_LOG_FORMAT`: `auto` is text on a terminal and JSON elsewhere; or `json`, `text`; `auto`.
    let logFormat: LogFormat
    /// `VITRINE_LOG_REPEAT_FIRST`: lines of one message written each second by one thread, before repeats are thinned
    /// out; 1,000.
    let repeatFirst: Int
    /// `VITRINE_LOG_REPEAT_EVERY`: of the lines beyond, one in so many is written; 100.
    let repeatEvery: Int
    /// `VITRINE_SPOOL_BYTES_MAX`: bytes on disk for each signal while the receiver is away; 0 for none; 64 MiB.
    let spoolBytesMax: Int
    /// `VITRINE_TAIL_PERCENT`: of the traces that neither failed nor were slow, how many in a hundred are kept; 100, which
    /// holds nothing back.
    let tailPercent: Int
    /// `VITRINE_TAIL_SLOW`: a request that took as long is slow; 500 ms.
    let tailSlow: Duration
    /// `VITRINE_METRICS_CREATED`: whether OpenMetrics carries `_created` samples; false.
    let writesCreatedSamples: Bool

    init(config: ConfigReader) {
        let many = 1...1_000_000_000
        self.logFormat = config.choice("VITRINE_LOG_FORMAT", default: .automatic)
        self.repeatFirst = config.integer("VITRINE_LOG_REPEAT_FIRST", default: 1_000, in: many)
        self.repeatEvery = config.integer("VITRINE_LOG_REPEAT_EVERY", default: 100, in: many)
        self.spoolBytesMax = config.integer("VITRINE_SPOOL_BYTES_MAX", default: 67_108_864, in: 0...1 << 40)
        self.tailPercent = config.integer("VITRINE_TAIL_PERCENT", default: 100, in: 0...100)
        self.tailSlow = config.duration(
            "VITRINE_TAIL_SLOW", default: .milliseconds(500), in: .milliseconds(1) ... .seconds(3_600))
        self.writesCreatedSamples = config.bool("VITRINE_METRICS_CREATED", default: false)
    }

    /// - Parameter folder: Where the process keeps its files; the spool gets one of its own in it.
    func apply(to configuration: inout TelemetryConfiguration, folder: String) {
        configuration.logFormat = self.logFormat
        configuration.logRepeats = LogRepeats(first: self.repeatFirst, every: self.repeatEvery)
        configuration.writesCreatedSamples = self.writesCreatedSamples
        if self.tailPercent < 100 {
            configuration.tail = TailSettings(ratio: Double(self.tailPercent) / 100, slow: self.tailSlow)
        }
        if self.spoolBytesMax > 0 {
            configuration.spool = SpoolSettings(folder: "\(folder)/spool", bytesMax: self.spoolBytesMax)
        }
    }
}
