import Glibc

/// How log lines look.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// Text on a terminal, JSON everywhere else.
    case automatic = "auto"
    /// One JSON object a line.
    case json
    /// For people: time, level, message, attributes, ids; in colours on a terminal.
    case text
}

/// A format with everything decided.
enum LogStyle: Sendable, Hashable {
    case json
    case text(inColour: Bool)

    /// - Parameter descriptor: Where the lines go; nil for no file.
    init(_ format: LogFormat, descriptor: Int32?) {
        let isTerminal = descriptor.map { isatty($0) == 1 } ?? false
        switch format {
        case .json: self = .json
        case .text: self = .text(inColour: isTerminal && Self.wantsColour)
        case .automatic: self = isTerminal ? .text(inColour: Self.wantsColour) : .json
        }
    }

    /// `NO_COLOR` set to anything turns colours off (no-color.org), and so does a terminal that knows none.
    private static var wantsColour: Bool {
        if let none = getenv("NO_COLOR"), none.pointee != 0 { return false }
        return getenv("TERM").map { String(cString: $0) != "dumb" } ?? true
    }
}
