/// Functions, aggregations, and how vectors are matched.
extension Parser {
    // MARK: Functions

    mutating func call(_ name: String) throws(PromQLError) -> Operand {
        let token = self.current
        guard let signature = FunctionSignature.all[name] else { throw self.error("unknown function \"\(name)\"") }
        self.advance()
        let arguments = try self.arguments()
        try self.require(arguments, signature, name, at: token)
        return Operand(
            expression: .call(name, arguments.map(\.expression)), type: signature.result, offset: token.offset,
            depth: try self.depth(over: arguments, at: token))
    }

    private func depth(over arguments: [Operand], at token: Token) throws(PromQLError) -> Int {
        try self.bounded((arguments.map(\.depth).max() ?? 0) + 1, at: token.offset)
    }

    private mutating func arguments() throws(PromQLError) -> [Operand] {
        try self.expect(.leftParenthesis, "before arguments")
        var arguments: [Operand] = []
        if self.take(.rightParenthesis) { return arguments }
        repeat {
            if self.isAt(.rightParenthesis) { throw self.error("a comma before \")\" where an argument is missing") }
            arguments.append(try self.expression(above: 0))
        } while self.take(.comma)
        try self.expect(.rightParenthesis, "among arguments")
        return arguments
    }

    private func require(
        _ arguments: [Operand], _ signature: FunctionSignature, _ name: String, at token: Token
    ) throws(PromQLError) {
        let counts = signature.counts
        guard counts.contains(arguments.count) else {
            throw self.error("\(name) takes \(Self.text(counts)), not \(arguments.count)", at: token.offset)
        }
        for (place, argument) in arguments.enumerated() {
            let type = signature.parameters[min(place, signature.parameters.count - 1)]
            try self.require(argument, type, "\(name) wants")
        }
    }

    private static func text(_ counts: ClosedRange<Int>) -> String {
        if counts.upperBound == Int.max { return "at least \(counts.lowerBound) arguments" }
        if counts.lowerBound < counts.upperBound { return "\(counts.lowerBound) to \(counts.upperBound) arguments" }
        return counts.lowerBound == 1 ? "1 argument" : "\(counts.lowerBound) arguments"
    }

    private func require(_ operand: Operand, _ type: ValueType, _ who: String) throws(PromQLError) {
        guard operand.type == type else {
            throw self.error("\(who) \(type.rawValue), not \(operand.type.rawValue)", at: operand.offset)
        }
    }

    // MARK: Aggregations

    mutating func aggregation(_ name: String) throws(PromQLError) -> Operand {
        let token = self.current
        self.advance()
        var grouping = try self.grouping()
        let arguments = try self.arguments()
        if grouping == nil { grouping = try self.grouping() }
        let parameter = Aggregators.all[name] ?? nil
        let count = parameter == nil ? 1 : 2
        guard let operand = arguments.last, arguments.count == count else {
            throw self.error("\(name) takes \(Self.text(count...count)), not \(arguments.count)", at: token.offset)
        }
        if let parameter { try self.require(arguments[0], parameter, "\(name) wants") }
        try self.require(operand, .instantVector, "\(name) wants")
        let aggregation = PromQL.Aggregation(
            name, parameter: parameter == nil ? nil : arguments[0].expression, operand.expression, grouping)
        return Operand(
            expression: .aggregate(aggregation), type: .instantVector, offset: token.offset,
            depth: try self.depth(over: arguments, at: token))
    }

    private mutating func grouping() throws(PromQLError) -> PromQL.Grouping? {
        switch self.keyword {
        case "by":
            self.advance()
            return .by(try self.labels("by"))
        case "without":
            self.advance()
            return .without(try self.labels("without"))
        default: return nil
        }
    }

    private mutating func labels(_ keyword: String) throws(PromQLError) -> [String] {
        try self.expect(.leftParenthesis, "after \"\(keyword)\"")
        var labels: [String] = []
        while !self.take(.rightParenthesis) {
            guard case .word(let label) = self.current.kind, Self.isLabel(label) else {
                throw self.unexpected("where a label's name stands")
            }
            labels.append(label)
            self.advance()
            guard self.isAt(.comma) || self.isAt(.rightParenthesis) else {
                throw self.unexpected("between labels, expected \",\" or \")\"")
            }
            _ = self.take(.comma)
        }
        return labels
    }

    private static func isLabel(_ word: String) -> Bool {
        !word.contains(":") && !["without", "inf", "nan"].contains(word.lowercased())
    }

    // MARK: Matching

    /// What stands between a binary operator and its right side.
    mutating func matching() throws(PromQLError) -> PromQL.VectorMatching? {
        var matching = PromQL.VectorMatching(nil)
        if self.keyword == "bool" {
            self.advance()
            matching.isBool = true
        }
        switch self.keyword {
        case "on":
            self.advance()
            matching.labels = .on(try self.labels("on"))
        case "ignoring":
            self.advance()
            matching.labels = .ignoring(try self.labels("ignoring"))
        default: return matching.isBool ? matching : nil
        }
        switch self.keyword {
        case "group_left":
            self.advance()
            matching.cardinality = .manyToOne(try self.labelsIfAny("group_left"))
        case "group_right":
            self.advance()
            matching.cardinality = .oneToMany(try self.labelsIfAny("group_right"))
        default: break
        }
        return matching
    }

    private mutating func labelsIfAny(_ keyword: String) throws(PromQLError) -> [String] {
        self.isAt(.leftParenthesis) ? try self.labels(keyword) : []
    }
}
