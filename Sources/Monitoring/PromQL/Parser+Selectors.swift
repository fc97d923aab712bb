/// Metrics with their matchers, ranges and offsets.
extension Parser {
    mutating func selector(name: String, at token: Token) throws(PromQLError) -> Operand {
        var matchers: [LabelMatcher] = []
        if self.isAt(.leftBrace) { matchers = try self.matchers() }
        if name.isEmpty, !matchers.contains(where: \.isSelective) {
            throw self.error("a selector needs a name, or a matcher that the empty value fails", at: token.offset)
        }
        if !name.isEmpty, matchers.contains(where: { $0.label == "__name__" }) {
            throw self.error("the metric's name is given twice", at: token.offset)
        }
        return self.leaf(.vector(VectorSelector(name, matchers)), .instantVector, token)
    }

    private mutating func matchers() throws(PromQLError) -> [LabelMatcher] {
        self.advance()
        var matchers: [LabelMatcher] = []
        while !self.take(.rightBrace) {
            matchers.append(try self.matcher())
            guard self.isAt(.comma) || self.isAt(.rightBrace) else {
                throw self.unexpected("between matchers, expected \",\" or \"}\"")
            }
            _ = self.take(.comma)
        }
        return matchers
    }

    private mutating func matcher() throws(PromQLError) -> LabelMatcher {
        guard case .word(let label) = self.current.kind, !label.contains(":") else {
            throw self.unexpected("where a label's name stands")
        }
        self.advance()
        guard case .symbol(let symbol) = self.current.kind, let kind = LabelMatcher.Kind(rawValue: symbol.rawValue)
        else { throw self.unexpected("after label \"\(label)\", expected =, !=, =~ or !~") }
        self.advance()
        guard case .string(let value) = self.current.kind else {
            throw self.unexpected("as the value of label \"\(label)\", expected a string")
        }
        try self.requirePattern(value, kind)
        self.advance()
        return LabelMatcher(label, kind, value)
    }

    /// Grafana fills in variables before Prometheus sees the pattern.
    private func requirePattern(_ value: String, _ kind: LabelMatcher.Kind) throws(PromQLError) {
        guard kind == .matches || kind == .matchesNot, !value.contains("$") else { return }
        guard (try? Regex(value)) != nil else { throw self.error("\(PromQL.quoted(value)) is no regular expression") }
    }

    // MARK: Ranges

    mutating func ranged(_ operand: Operand) throws(PromQLError) -> Operand {
        let bracket = self.current.offset
        self.advance()
        let range = try self.duration("as a range")
        if self.take(.colon) { return try self.subquery(operand, range) }
        try self.expect(.rightBracket, "after a range")
        guard case .vector(let selector) = operand.expression, !operand.isParenthesised else {
            throw self.error("a range stands after a selector alone; other expressions need [range:step]", at: bracket)
        }
        guard selector.offset == nil else { throw self.error("the offset stands after the range", at: bracket) }
        return Operand(
            expression: .range(selector, range), type: .rangeVector, offset: operand.offset, depth: operand.depth)
    }

    private mutating func subquery(_ operand: Operand, _ range: PromDuration) throws(PromQLError) -> Operand {
        guard operand.type == .instantVector else {
            throw self.error("a subquery of \(operand.type.rawValue)", at: operand.offset)
        }
        let step = self.isAt(.rightBracket) ? nil : try self.duration("as a step")
        try self.expect(.rightBracket, "after a subquery's step")
        return Operand(
            expression: .subquery(operand.expression, range: range, step: step), type: .rangeVector,
            offset: operand.offset, depth: try self.bounded(operand.depth + 1, at: operand.offset))
    }

    private mutating func duration(_ place: String) throws(PromQLError) -> PromDuration {
        switch self.current.kind {
        case .duration(0): throw self.error("a duration of nothing \(place)")
        case .duration(let count):
            self.advance()
            return .milliseconds(count)
        case .variable(let name):
            self.advance()
            return .variable(name)
        case .number: throw self.error("\(self.current.text) \(place) has no unit")
        default: throw self.unexpected("\(place), expected a duration")
        }
    }

    // MARK: Offsets

    mutating func shifted(_ operand: Operand) throws(PromQLError) -> Operand {
        let keyword = self.current.offset
        self.advance()
        let isNegative = self.take(.minus)
        var offset = try self.duration("as an offset")
        if isNegative {
            guard case .milliseconds(let count) = offset else {
                throw self.error("a variable cannot be negated", at: keyword)
            }
            offset = .milliseconds(-count)
        }
        guard let shifted = operand.isParenthesised ? nil : operand.expression.shifted(by: offset) else {
            throw self.error("an offset stands after a selector or a subquery alone, and once", at: keyword)
        }
        return Operand(expression: shifted, type: operand.type, offset: operand.offset, depth: operand.depth)
    }
}

extension LabelMatcher {
    /// Whether series without the label are left out.
    var isSelective: Bool {
        switch self.kind {
        case .equal: !self.value.isEmpty
        case .notEqual: self.value.isEmpty
        case .matches: !self.matchesEmpty
        case .matchesNot: self.matchesEmpty
        }
    }

    private var matchesEmpty: Bool {
        guard let pattern = try? Regex(self.value) else { return false }
        return "".wholeMatch(of: pattern) != nil
    }
}

extension PromQL {
    /// Nil where Prometheus allows no offset, or there is one already.
    fileprivate func shifted(by offset: PromDuration) -> PromQL? {
        switch self {
        case .vector(var selector) where selector.offset == nil:
            selector.offset = offset
            return .vector(selector)
        case .range(var selector, let range) where selector.offset == nil:
            selector.offset = offset
            return .range(selector, range)
        case .subquery: return .offset(self, offset)
        default: return nil
        }
    }
}
