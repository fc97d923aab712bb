extension PromQL: CustomStringConvertible {
    /// On one line, with no more parentheses than are needed to read it back as it is.
    package var description: String {
        switch self {
        case .number(let value): Self.text(value)
        case .string(let value): Self.quoted(value)
        case .vector(let selector): selector.text(range: nil)
        case .range(let selector, let range): selector.text(range: range)
        case .subquery(let inner, let range, let step):
            "\(inner.operandText)[\(range.text):\(step?.text ?? "")]"
        case .offset(let inner, let offset): "\(inner.operandText) offset \(offset.text)"
        case .call(let function, let arguments):
            "\(function)(\(arguments.map(\.description).joined(separator: ", ")))"
        case .aggregate(let aggregation): aggregation.text
        case .binary(let left, let symbol, let right, let matching):
            Self.text(left, symbol, right, matching)
        case .negative(let inner): Self.negated(inner)
        }
    }

    /// What binds tighter than any operator needs no parentheses.
    static let atom = 10

    var precedence: Int {
        switch self {
        case .binary(_, let symbol, _, _): symbol.precedence
        case .negative: Self.negationPrecedence
        case .number(let value) where value < 0: Self.negationPrecedence
        default: Self.atom
        }
    }

    /// A sign right before a number would be read as the number's own.
    private static func negated(_ inner: PromQL) -> String {
        if case .number = inner { return "-(\(inner))" }
        return inner.precedence < Self.negationPrecedence ? "-(\(inner))" : "-\(inner)"
    }

    private var operandText: String { self.precedence < Self.atom ? "(\(self))" : self.description }

    private static func text(
        _ left: PromQL, _ symbol: BinaryOperator, _ right: PromQL, _ matching: VectorMatching?
    ) -> String {
        // An operator of equal precedence on the side it does not lean to would be read as another tree.
        let leftMin = symbol.isRightAssociative ? symbol.precedence + 1 : symbol.precedence
        let rightMin = symbol.isRightAssociative ? symbol.precedence : symbol.precedence + 1
        let leftText = left.precedence < leftMin ? "(\(left))" : left.description
        let rightText = right.precedence < rightMin ? "(\(right))" : right.description
        return "\(leftText) \(symbol.rawValue)\(matching?.text ?? "") \(rightText)"
    }

    /// As short as it reads back: `0.5`, `5`, `+Inf`, `1e-06`.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    /// In double quotes, escaped as Go does it.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension VectorSelector {
    func text(range: PromDuration?) -> String {
        var text = self.name
        if !self.matchers.isEmpty {
            let parts = self.matchers.map { "\($0.label)\($0.kind.rawValue)\(PromQL.quoted($0.value))" }
            text += "{\(parts.joined(separator: ","))}"
        }
        if let range { text += "[\(range.text)]" }
        if let offset { text += " offset \(offset.text)" }
        return text
    }
}

extension PromQL.Aggregation {
    var text: String {
        let arguments = (self.parameter.map { "\($0), " } ?? "") + self.operand.description
        switch self.grouping {
        case nil: return "\(self.function)(\(arguments))"
        case .by(let labels): return "\(self.function) by (\(labels.joined(separator: ", "))) (\(arguments))"
        case .without(let labels): return "\(self.function) without (\(labels.joined(separator: ", "))) (\(arguments))"
        }
    }
}

extension PromQL.VectorMatching {
    /// With the space that parts it from the operator.
    var text: String {
        var text = self.isBool ? " bool" : ""
        switch self.labels {
        case nil: break
        case .on(let labels): text += " on (\(labels.joined(separator: ", ")))"
        case .ignoring(let labels): text += " ignoring (\(labels.joined(separator: ", ")))"
        }
        switch self.cardinality {
        case .oneToOne: break
        case .manyToOne(let labels): text += " group_left (\(labels.joined(separator: ", ")))"
        case .oneToMany(let labels): text += " group_right (\(labels.joined(separator: ", ")))"
        }
        return text
    }
}
