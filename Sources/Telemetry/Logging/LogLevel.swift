/// How much a log line matters.
public enum LogLevel: UInt8, Sendable, Hashable, Comparable {
    /// For whoever develops the part that writes it.
    case debug
    /// A fact of the business.
    case info
    /// Degraded, but served.
    case warning
    /// Wants a person.
    case error

    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }

    var text: StaticString {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO"
        case .warning: "WARN"
        case .error: "ERROR"
        }
    }

    /// The number of levels; each `rawValue` is below it.
    static let count = 4

    /// OpenTelemetry's severity number: the first of each range of four.
    var severityNumber: Int { 5 + Int(self.rawValue) * 4 }
}
