import Telemetry

/// What a number measures, as powers of seconds and bytes; whatever is counted, and parts of a whole, have neither.
package struct Dimension: Sendable, Hashable, CustomStringConvertible {
    package let seconds: Int
    package let bytes: Int

    package static let count = Dimension(seconds: 0, bytes: 0)
    package static let second = Dimension(seconds: 1, bytes: 0)
    package static let byte = Dimension(seconds: 0, bytes: 1)

    static func * (left: Dimension, right: Dimension) -> Dimension {
        Dimension(seconds: left.seconds + right.seconds, bytes: left.bytes + right.bytes)
    }
    static func / (left: Dimension, right: Dimension) -> Dimension {
        Dimension(seconds: left.seconds - right.seconds, bytes: left.bytes - right.bytes)
    }

    package var description: String {
        switch (self.seconds, self.bytes) {
        case (0, 0): "counts"
        case (1, 0): "seconds"
        case (0, 1): "bytes"
        case (-1, 0): "counts per second"
        case (-1, 1): "bytes per second"
        default: "s^\(self.seconds)·By^\(self.bytes)"
        }
    }

    private init(seconds: Int, bytes: Int) {
        self.seconds = seconds
        self.bytes = bytes
    }

    /// Nil where the unit says nothing.
    init?(_ unit: MetricUnit) {
        switch unit.code {
        case "s": self = .second
        case "By": self = .byte
        case let code where code.hasSuffix("/s"): self = .count / .second
        case let code where code == "1" || code.hasPrefix("{"): self = .count
        default: return nil
        }
    }

    /// What Grafana shows under the name of a unit; nil for those that show anything.
    init?(panelUnit: String) {
        switch panelUnit {
        case "s", "ms", "dtdurations", "dateTimeFromNow", "dateTimeAsIso": self = .second
        case "bytes", "decbytes": self = .byte
        case "Bps", "binBps": self = .byte / .second
        case "percentunit", "percent", "currencyUSD": self = .count
        case "reqps", "ops", "cps", "rps", "wps", "iops": self = .count / .second
        default: return nil
        }
    }
}
