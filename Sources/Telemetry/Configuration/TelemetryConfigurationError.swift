/// A variable whose value is not understood: the start stops with this one line.
public struct TelemetryConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    public let variable: String
    public let value: String
    /// What would be understood.
    public let expected: String

    public var description: String { "\(self.variable)=\(self.value): expected \(self.expected)" }
}
