/// Reads files of rules, as `RuleFile` and `YAML` write them: plain, double-quoted and literal scalars.
package struct RuleFileReader {
    private let path: String
    private let lines: [Substring]
    private var index = 0
    private var rules: [LintedRule] = []
    private var draft: Draft?

    private struct Draft {
        let name: String
        let isAlert: Bool
        let line: Int
        /// The column of its keys.
        let indent: Int
        var expression = ""
        var labels: [Label] = []
        var annotations: [Label] = []
        /// `labels` or `annotations`, while their members are read.
        var section = ""
    }

    package static func rules(in text: String, path: String) -> [LintedRule] {
        var reader = RuleFileReader(text, path)
        while reader.index < reader.lines.count { reader.line() }
        reader.finish()
        return reader.rules
    }

    private init(_ text: String, _ path: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private mutating func line() {
        let number = self.index + 1
        let line = self.lines[self.index]
        self.index += 1
        guard let pair = YAMLPair(line) else { return }
        let value = pair.isBlock ? self.block(deeperThan: pair.lineIndent, keepsEnd: pair.keepsEnd) : pair.value
        if pair.beginsItem, pair.key == "record" || pair.key == "alert" {
            self.finish()
            self.draft = Draft(name: value, isAlert: pair.key == "alert", line: number, indent: pair.keyIndent)
        } else if pair.beginsItem {
            self.finish()
        } else if let indent = self.draft?.indent {
            self.member(pair, value, indent)
        }
    }

    private mutating func member(_ pair: YAMLPair, _ value: String, _ indent: Int) {
        if pair.keyIndent == indent {
            self.draft?.section = pair.key
            if pair.key == "expr" { self.draft?.expression = value }
        } else if pair.keyIndent > indent {
            switch self.draft?.section {
            case "labels": self.draft?.labels.append(Label(pair.key, value))
            case "annotations": self.draft?.annotations.append(Label(pair.key, value))
            default: break
            }
        }
    }

    /// The lines of a literal block, without what they are indented by.
    private mutating func block(deeperThan indent: Int, keepsEnd: Bool) -> String {
        var taken: [Substring] = []
        while self.index < self.lines.count {
            let line = self.lines[self.index]
            let isBlank = line.allSatisfy { $0 == " " }
            guard isBlank || line.prefix(while: { $0 == " " }).count > indent else { break }
            taken.append(line)
            self.index += 1
        }
        while taken.last?.allSatisfy({ $0 == " " }) == true { taken.removeLast() }
        let margin = taken.first?.prefix { $0 == " " }.count ?? 0
        return taken.map { String($0.dropFirst(margin)) }.joined(separator: "\n") + (keepsEnd ? "\n" : "")
    }

    private mutating func finish() {
        guard let draft = self.draft else { return }
        self.rules.append(
            LintedRule(
                draft.name, isAlert: draft.isAlert, text: draft.expression, labels: draft.labels,
                annotations: draft.annotations, place: "\(self.path):\(draft.line)"))
        self.draft = nil
    }
}

/// A line `key: value`, perhaps the first of a list's item.
struct YAMLPair {
    let key: String
    let value: String
    /// Of the line's first character.
    let lineIndent: Int
    let keyIndent: Int
    let beginsItem: Bool
    let isBlock: Bool
    let keepsEnd: Bool

    init?(_ line: Substring) {
        var rest = line.drop { $0 == " " }
        self.lineIndent = line.count - rest.count
        guard let first = rest.first, first != "#" else { return nil }
        self.beginsItem = rest.hasPrefix("- ")
        if self.beginsItem { rest = rest.dropFirst(2) }
        self.keyIndent = line.count - rest.count
        guard let (key, value) = Self.split(rest) else { return nil }
        self.key = key
        self.isBlock = value == "|-" || value == "|"
        self.keepsEnd = value == "|"
        self.value = Self.scalar(value)
    }

    private static func split(_ text: Substring) -> (String, Substring)? {
        let end: Substring.Index
        if text.first == "\"" {
            guard let quote = text.dropFirst().firstIndex(of: "\"") else { return nil }
            end = text.index(after: quote)
        } else {
            guard let colon = text.firstIndex(of: ":") else { return nil }
            end = colon
        }
        guard end < text.endIndex, text[end] == ":" else { return nil }
        return (self.scalar(text[..<end]), text[text.index(after: end)...].drop { $0 == " " })
    }

    /// Double-quoted as our writer does it, or plain.
    private static func scalar(_ text: Substring) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        // The escapes of YAML that are written are those of Go.
        var lexer = Lexer(String(text))
        return (try? lexer.string(quote: UInt8(ascii: "\""))) ?? String(text)
    }
}
