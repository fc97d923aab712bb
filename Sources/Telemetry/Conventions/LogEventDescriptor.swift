/// A log line that can come: its message, which never varies, and what it may say besides.
public struct LogEventDescriptor: Sendable, Hashable {
    public let message: String
    public let level: LogLevel
    /// What it means, in one sentence.
    public let brief: String
    public let attributes: [AttributeDescriptor]

    public init(
        _ message: String, _ level: LogLevel, _ brief: String, _ attributes: [any DeclaredAttribute] = []
    ) {
        self.message = message
        self.level = level
        self.brief = brief
        self.attributes = attributes.map(\.descriptor)
    }
}
