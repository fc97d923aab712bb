/// A piece of a query's text, with where it begins.
struct Token: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// A metric, label, function or keyword: which of them its place decides.
        case word(String)
        case number(Double)
        /// In milliseconds.
        case duration(Int)
        /// What Grafana fills in: `$__range`, `${window}`.
        case variable(String)
        case string(String)
        case symbol(Symbol)
        case end
    }

    enum Symbol: String, Sendable, Hashable, CaseIterable {
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBrace = "{"
        case rightBrace = "}"
        case leftBracket = "["
        case rightBracket = "]"
        case comma = ","
        case colon = ":"
        case at = "@"
        case equalRegex = "=~"
        case notEqualRegex = "!~"
        case equalCompare = "=="
        case notEqual = "!="
        case assign = "="
        case lessOrEqual = "<="
        case less = "<"
        case greaterOrEqual = ">="
        case greater = ">"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case modulo = "%"
        case power = "^"
    }

    let kind: Kind
    /// In bytes from the text's beginning.
    let offset: Int

    /// For errors.
    var text: String {
        switch self.kind {
        case .word(let word): "\"\(word)\""
        case .number(let value): "number \(PromQL.text(value))"
        case .duration(let count): "duration \(PromDuration.milliseconds(count).text)"
        case .variable(let name): "variable \(name)"
        case .string(let value): "string \(PromQL.quoted(value))"
        case .symbol(let symbol): "\"\(symbol.rawValue)\""
        case .end: "the end"
        }
    }
}

/// Why a text is no query, and where.
package struct PromQLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    package let reason: String

    init(_ reason: String, at offset: Int, in text: [UInt8]) {
        let before = text.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        self.line = before.count { $0 == 0x0A } + 1
        // What continues a scalar of UTF-8 begins none.
        self.column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        self.reason = reason
    }

    package var description: String {
        self.line == 1 ? "column \(self.column): \(self.reason)" : "\(self.line):\(self.column): \(self.reason)"
    }
}
