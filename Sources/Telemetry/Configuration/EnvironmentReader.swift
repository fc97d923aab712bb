/// Reads typed values from environment variables; an empty one counts as not set (OpenTelemetry specification,
/// "Environment variables").
struct EnvironmentReader {
    let environment: [String: String]

    func text(_ name: String) -> String? {
        guard let value = self.environment[name].map(Self.trimmed), !value.isEmpty else { return nil }
        return value
    }

    func bool(_ name: String) throws(TelemetryConfigurationError) -> Bool? {
        guard let text = self.text(name) else { return nil }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw self.unexpected(name, "true or false")
        }
    }

    func count(_ name: String, from least: Int = 0) throws(TelemetryConfigurationError) -> Int? {
        guard let text = self.text(name) else { return nil }
        guard let value = Int(text), value >= least else { throw self.unexpected(name, "a whole number from \(least)") }
        return value
    }

    func milliseconds(_ name: String) throws(TelemetryConfigurationError) -> Duration? {
        guard let text = self.text(name) else { return nil }
        guard let value = Int(text), (0...86_400_000).contains(value) else {
            throw self.unexpected(name, "milliseconds from 0 to 86400000")
        }
        return .milliseconds(value)
    }

    /// As `milliseconds`, where 0 means without end (OpenTelemetry specification, "Timeout").
    func timeout(_ name: String) throws(TelemetryConfigurationError) -> Duration? {
        guard let value = try self.milliseconds(name) else { return nil }
        return value == .zero ? .seconds(86_400) : value
    }

    /// Words between commas, each one of a closed set.
    func choices<T>(_ name: String, _ choices: KeyValuePairs<String, T>) throws(TelemetryConfigurationError) -> [T]? {
        guard let text = self.text(name)?.lowercased() else { return nil }
        var chosen: [T] = []
        for word in text.split(separator: ",").map({ Self.trimmed(String($0)) }) where !word.isEmpty {
            guard let choice = choices.first(where: { $0.key == word }) else {
                throw self.unexpected(name, choices.map(\.key).joined(separator: ", "))
            }
            chosen.append(choice.value)
        }
        return chosen
    }

    func choice<T>(_ name: String, _ choices: KeyValuePairs<String, T>) throws(TelemetryConfigurationError) -> T? {
        guard let text = self.text(name)?.lowercased() else { return nil }
        for (word, value) in choices where word == text { return value }
        throw self.unexpected(name, choices.map(\.key).joined(separator: ", "))
    }

    /// `key=value,key=value`, values percent-decoded.
    func pairs(_ name: String) throws(TelemetryConfigurationError) -> [(key: String, value: String)] {
        guard let text = self.text(name) else { return [] }
        var pairs: [(key: String, value: String)] = []
        for element in text.split(separator: ",") where !Self.trimmed(String(element)).isEmpty {
            guard let equals = element.firstIndex(of: "=") else { throw self.unexpected(name, "key=value,key=value") }
            let key = Self.trimmed(String(element[..<equals]))
            let value = Self.trimmed(String(element[element.index(after: equals)...]))
            guard !key.isEmpty else { throw self.unexpected(name, "key=value,key=value") }
            pairs.append((BaggageGrammar.decoded(key[...].utf8), BaggageGrammar.decoded(value[...].utf8)))
        }
        return pairs
    }

    func unexpected(_ name: String, _ expected: String) -> TelemetryConfigurationError {
        .init(variable: name, value: self.environment[name] ?? "", expected: expected)
    }

    static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
