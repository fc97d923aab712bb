import Synchronization

/// Reads settings from the environment, once, at start.
///
/// A wrong value does not stop the reading: every one is collected, so that a person mends all of them at once.
/// `validate()` then stops the start.
public final class ConfigReader: Sendable {
    private let environment: [String: String]
    private struct State: Sendable {
        var errors: [String] = []
        var known: Set<String> = []
    }
    private let state = Mutex(State())

    public init(_ environment: [String: String]) { self.environment = environment }

    /// All variables as they were given.
    public var variables: [String: String] { self.environment }

    /// Names that have been asked for so far.
    public var knownNames: Set<String> { self.state.withLock { $0.known } }

    /// - Throws: `ConfigurationError` that names every wrong value read so far.
    public func validate() throws(ConfigurationError) {
        let errors = self.state.withLock { $0.errors }
        if !errors.isEmpty { throw ConfigurationError(messages: errors) }
    }

    /// Records that a setting cannot be used; the same complaint twice counts once.
    public func reject(_ name: String, _ message: String) {
        let error = "\(name): \(message)"
        self.state.withLock { if !$0.errors.contains(error) { $0.errors.append(error) } }
    }

    private func raw(_ name: String) -> String? {
        self.state.withLock { _ = $0.known.insert(name) }
        // An empty variable counts as unset, as the OpenTelemetry specification and most shells' users expect.
        guard let value = self.environment[name], !value.isEmpty else { return nil }
        return value
    }

    public func string(_ name: String) -> String? { self.raw(name) }

    public func string(_ name: String, default fallback: String) -> String { self.raw(name) ?? fallback }

    public func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = self.raw(name) else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            self.reject(name, "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return fallback
        }
        return value
    }

    /// `true`, `false`, `1` or `0`.
    public func bool(_ name: String, default fallback: Bool) -> Bool {
        guard let text = self.raw(name) else { return fallback }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default:
            self.reject(name, "'\(text)' is neither true nor false")
            return fallback
        }
    }

    /// A number with a unit: `250ms`, `30s`, `15m`, `1h`, `30d`.
    public func duration(_ name: String, default fallback: Duration, in range: ClosedRange<Duration>) -> Duration {
        guard let text = self.raw(name) else { return fallback }
        guard let value = Self.parseDuration(text), range.contains(value) else {
            let bounds = "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
            self.reject(name, "'\(text)' is not a duration from \(bounds), such as 250ms, 30s or 15m")
            return fallback
        }
        return value
    }

    /// From the smallest; `ms` before `s`, which is its end.
    private static let units: [(suffix: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    private static func parseDuration(_ text: String) -> Duration? {
        for (suffix, milliseconds) in self.units where text.hasSuffix(suffix) {
            guard let count = Int(text.dropLast(suffix.count)), (0...1_000_000_000).contains(count) else { return nil }
            return .milliseconds(milliseconds) * count
        }
        return nil
    }

    /// A duration as a person would set it: in the largest unit that leaves nothing over.
    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let total = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        guard total != 0, let unit = self.units.last(where: { total % $0.milliseconds == 0 }) else { return "0s" }
        return "\(total / unit.milliseconds)\(unit.suffix)"
    }

    /// Values between commas, without white space around them; the fallback when unset.
    public func list(_ name: String, default fallback: [String]) -> [String] {
        guard let text = self.raw(name) else { return fallback }
        return text.split(separator: ",").map { part in
            var part = part
            while part.first == " " { part = part.dropFirst() }
            while part.last == " " { part = part.dropLast() }
            return String(part)
        }.filter { !$0.isEmpty }
    }

    /// One of a closed set.
    public func choice<C: CaseIterable & RawRepresentable<String>>(_ name: String, default fallback: C) -> C {
        guard let text = self.raw(name) else { return fallback }
        guard let value = C(rawValue: text) else {
            self.reject(name, "'\(text)' is none of \(C.allCases.map(\.rawValue).joined(separator: ", "))")
            return fallback
        }
        return value
    }
}

/// Settings that stop the start.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line each, beginning with the variable's name.
    public let messages: [String]

    public init(messages: [String]) { self.messages = messages }

    public var description: String { self.messages.joined(separator: "\n") }
}
