/// A document that is written as YAML: rules and configurations.
///
/// Only what these files need: block mappings and sequences, quoted strings wherever a plain one could be read as
/// something else, literal blocks for long text. Keys keep their order.
///
/// Source: YAML 1.2.2, sections 7.3 and 8.1.
package indirect enum YAML: Sendable, Hashable {
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case list([YAML])
    case map([Pair])

    package struct Pair: Sendable, Hashable {
        package let key: String
        package let value: YAML
        /// Lines that say why, written above the key.
        package let comment: String

        package init(_ key: String, _ value: YAML, comment: String = "") {
            self.key = key
            self.value = value
            self.comment = comment
        }
    }

    /// The document, with a comment on top, ending with a line feed.
    package func document(comment: String) -> String {
        var text = comment.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
        self.write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int) {
        switch self {
        case .map(let pairs) where !pairs.isEmpty:
            for pair in pairs { Self.write(pair, to: &text, indent: indent) }
        case .list(let items) where !items.isEmpty:
            for item in items { item.writeItem(to: &text, indent: indent) }
        default: text += "\(Self.spaces(indent))\(self.scalar)\n"
        }
    }

    private static func write(_ pair: Pair, to text: inout String, indent: Int) {
        for line in pair.comment.split(separator: "\n") { text += "\(Self.spaces(indent))# \(line)\n" }
        text += "\(Self.spaces(indent))\(Self.key(pair.key)):"
        switch pair.value {
        case .map(let pairs) where !pairs.isEmpty:
            text += "\n"
            pair.value.write(to: &text, indent: indent + 2)
        case .list(let items) where !items.isEmpty:
            text += "\n"
            pair.value.write(to: &text, indent: indent + 2)
        case .string(let value) where Self.wantsBlock(value):
            text += value.hasSuffix("\n") ? " |\n" : " |-\n"
            Self.writeBlock(value, to: &text, indent: indent + 2)
        default: text += " \(pair.value.scalar)\n"
        }
    }

    /// The first line of an item stands behind its dash.
    private func writeItem(to text: inout String, indent: Int) {
        var body = ""
        self.write(to: &body, indent: indent + 2)
        let isNested = body.hasPrefix("\(Self.spaces(indent + 2))#")
        if isNested {
            // A comment cannot stand behind the dash without seeming to belong to it.
            text += "\(Self.spaces(indent))-\n\(body)"
        } else {
            text += "\(Self.spaces(indent))- \(body.dropFirst(indent + 2))"
        }
    }

    private static func writeBlock(_ value: String, to text: inout String, indent: Int) {
        let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
        for line in value.hasSuffix("\n") ? lines.dropLast() : lines[...] {
            text += line.isEmpty ? "\n" : "\(Self.spaces(indent))\(line)\n"
        }
    }

    /// A literal block, where the text has lines of its own that none of its characters would break.
    private static func wantsBlock(_ value: String) -> Bool {
        guard value.contains("\n"), let first = value.first, first != " ", first != "\n" else { return false }
        return !value.hasSuffix("\n\n") && value.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 }
            && value.unicodeScalars.allSatisfy { $0.value != 0x7F && $0.value != 0x85 }
    }

    private var scalar: String {
        switch self {
        case .string(let value): Self.isPlain(value) ? value : PromQL.quotedForYAML(value)
        case .int(let value): String(value)
        case .double(let value): PromQL.text(value)
        case .bool(let value): value ? "true" : "false"
        case .list: "[]"
        case .map: "{}"
        }
    }

    private static func key(_ key: String) -> String { self.isPlain(key) ? key : PromQL.quotedForYAML(key) }

    /// Words that YAML 1.1 or 1.2 reads as something else than a string.
    private static let words: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~",
    ]

    /// Letters, digits and few signs, beginning with a letter or `/` or `$`: what no reader takes for anything but a
    /// string.
    private static func isPlain(_ value: String) -> Bool {
        guard let first = value.utf8.first, self.isLetter(first) || first == 0x2F || first == 0x5F else { return false }
        guard !self.words.contains(value.lowercased()) else { return false }
        return value.utf8.allSatisfy {
            self.isLetter($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E, 0x2F, 0x5F].contains($0)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension YAML: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension YAML: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .int(value) }
}

extension YAML: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension YAML: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: YAML...) { self = .list(elements) }
}

extension YAML: ExpressibleByDictionaryLiteral {
    /// Keys keep the order they are written in.
    package init(dictionaryLiteral elements: (String, YAML)...) { self = .map(elements.map { Pair($0.0, $0.1) }) }
}

extension PromQL {
    /// A double-quoted scalar of YAML: the same escapes, and every other control character as `\xNN`.
    static func quotedForYAML(_ text: String) -> String {
        var result = ""
        for scalar in self.quoted(text).unicodeScalars {
            if scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
