extension PromQL {
    /// The columns that a line may take before an expression is spread over several.
    package static let lineWidth = 100

    /// On one line where that is short enough; else broken at its operators, outermost first, and what is inside
    /// parentheses indented by two.
    package func layout(width: Int = Self.lineWidth) -> String { self.lines(width).joined(separator: "\n") }

    private func lines(_ width: Int) -> [String] {
        let line = self.description
        if line.utf8.count <= width { return [line] }
        switch self {
        case .binary(let left, let symbol, let right, let matching):
            return Self.lines(left, symbol, right, matching, width)
        case .aggregate(let aggregation): return aggregation.lines(width)
        case .call(let function, let arguments): return Self.enclosed("\(function)(", arguments, ")", width)
        case .subquery(let inner, let range, let step):
            return inner.operandLines(min: Self.atom, width).appendingToLast("[\(range.text):\(step?.text ?? "")]")
        case .offset(let inner, let offset):
            return inner.operandLines(min: Self.atom, width).appendingToLast(" offset \(offset.text)")
        case .negative(let inner): return Self.enclosed("-(", [inner], ")", width)
        case .number, .string, .vector, .range: return [line]
        }
    }

    private static func lines(
        _ left: PromQL, _ symbol: BinaryOperator, _ right: PromQL, _ matching: VectorMatching?, _ width: Int
    ) -> [String] {
        let leftMin = symbol.isRightAssociative ? symbol.precedence + 1 : symbol.precedence
        let rightMin = symbol.isRightAssociative ? symbol.precedence : symbol.precedence + 1
        let operatorText = symbol.rawValue + (matching?.text ?? "")
        let before = left.operandLines(min: leftMin, width)
        // A set operator parts conditions, and is seen best on a line of its own.
        if symbol.isSet { return before + [operatorText] + right.operandLines(min: rightMin, width) }
        var after = right.operandLines(min: rightMin, width - operatorText.utf8.count - 1)
        after[0] = "\(operatorText) \(after[0])"
        return before + after
    }

    private func operandLines(min: Int, _ width: Int) -> [String] {
        self.precedence < min ? Self.enclosed("(", [self], ")", width) : self.lines(width)
    }

    fileprivate static func enclosed(_ open: String, _ parts: [PromQL], _ close: String, _ width: Int) -> [String] {
        let single = open + parts.map(\.description).joined(separator: ", ") + close
        if single.utf8.count <= width { return [single] }
        var lines = [open]
        for (place, part) in parts.enumerated() {
            let inner = part.lines(width - 2).appendingToLast(place < parts.count - 1 ? "," : "")
            lines += inner.map { "  \($0)" }
        }
        return lines + [close]
    }
}

extension PromQL.Aggregation {
    fileprivate func lines(_ width: Int) -> [String] {
        let parts = (self.parameter.map { [$0] } ?? []) + [self.operand]
        switch self.grouping {
        case nil: return PromQL.enclosed("\(self.function)(", parts, ")", width)
        case .by(let labels):
            return PromQL.enclosed("\(self.function) by (\(labels.joined(separator: ", "))) (", parts, ")", width)
        case .without(let labels):
            return PromQL.enclosed("\(self.function) without (\(labels.joined(separator: ", "))) (", parts, ")", width)
        }
    }
}

extension [String] {
    fileprivate func appendingToLast(_ text: String) -> [String] { self.dropLast() + [(self.last ?? "") + text] }
}
