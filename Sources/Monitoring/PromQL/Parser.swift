/// Reads queries.
///
/// Source: Prometheus 2.42, `promql/parser/generated_parser.y` and `parse.go`. What Prometheus refuses is refused,
/// types included; `@` is refused as well, because a committed query that names a moment is a mistake.
struct Parser {
    /// What was read, with what is needed to read on.
    struct Operand {
        let expression: PromQL
        let type: ValueType
        /// Where it begins.
        let offset: Int
        /// How deep it nests.
        let depth: Int
        var isParenthesised = false
    }

    /// Deeper than anybody writes, and far from where recursion would exhaust a stack.
    static let depthMax = 200

    let text: [UInt8]
    private let tokens: [Token]
    private var index = 0
    private var nesting = 0

    init(_ text: String) throws(PromQLError) {
        self.text = Array(text.utf8)
        self.tokens = try Lexer.tokens(of: text)
    }

    mutating func whole() throws(PromQLError) -> PromQL {
        if self.current.kind == .end { throw self.error("no expression") }
        let operand = try self.expression(above: 0)
        guard self.current.kind == .end else { throw self.unexpected("after the expression") }
        return operand.expression
    }

    // MARK: Tokens

    var current: Token { self.tokens[self.index] }
    var following: Token { self.tokens[min(self.index + 1, self.tokens.count - 1)] }

    mutating func advance() { self.index = min(self.index + 1, self.tokens.count - 1) }

    func isAt(_ symbol: Token.Symbol) -> Bool { self.current.kind == .symbol(symbol) }

    mutating func take(_ symbol: Token.Symbol) -> Bool {
        guard self.isAt(symbol) else { return false }
        self.advance()
        return true
    }

    mutating func expect(_ symbol: Token.Symbol, _ place: String) throws(PromQLError) {
        guard self.take(symbol) else { throw self.unexpected("\(place), expected \"\(symbol.rawValue)\"") }
    }

    /// The current word in lower case, if it is a word.
    var keyword: String? {
        if case .word(let word) = self.current.kind { word.lowercased() } else { nil }
    }

    func error(_ reason: String, at offset: Int? = nil) -> PromQLError {
        PromQLError(reason, at: offset ?? self.current.offset, in: self.text)
    }

    func unexpected(_ place: String) -> PromQLError { self.error("unexpected \(self.current.text) \(place)") }

    /// Refuses what nests too deep before it is built.
    func bounded(_ depth: Int, at offset: Int) throws(PromQLError) -> Int {
        guard depth <= Self.depthMax else { throw self.error("nested more than \(Self.depthMax) deep", at: offset) }
        return depth
    }

    // MARK: Operators

    /// Whatever binds at least as tight as `least`.
    mutating func expression(above least: Int) throws(PromQLError) -> Operand {
        self.nesting = try self.bounded(self.nesting + 1, at: self.current.offset)
        defer { self.nesting -= 1 }
        var left = try self.unary()
        while let symbol = self.binaryOperator, symbol.precedence >= least {
            self.advance()
            let matching = try self.matching()
            let next = symbol.isRightAssociative ? symbol.precedence : symbol.precedence + 1
            let right = try self.expression(above: next)
            left = try self.binary(left, symbol, right, matching)
        }
        return left
    }

    private var binaryOperator: PromQL.BinaryOperator? {
        switch self.current.kind {
        case .word(let word): PromQL.BinaryOperator(rawValue: word.lowercased())
        case .symbol(let symbol): PromQL.BinaryOperator(rawValue: symbol.rawValue)
        default: nil
        }
    }

    private mutating func binary(
        _ left: Operand, _ symbol: PromQL.BinaryOperator, _ right: Operand, _ matching: PromQL.VectorMatching?
    ) throws(PromQLError) -> Operand {
        let depth = try self.bounded(max(left.depth, right.depth) + 1, at: right.offset)
        let type = try self.type(left, symbol, right, matching)
        return Operand(
            expression: .binary(left.expression, symbol, right.expression, matching), type: type, offset: left.offset,
            depth: depth)
    }

    private mutating func unary() throws(PromQLError) -> Operand {
        let start = self.current.offset
        guard self.isAt(.minus) || self.isAt(.plus) else { return try self.postfix() }
        let isNegative = self.isAt(.minus)
        self.advance()
        let inner = try self.expression(above: PromQL.negationPrecedence + 1)
        guard inner.type == .scalar || inner.type == .instantVector else {
            throw self.error("a sign before \(inner.type.rawValue)", at: start)
        }
        let depth = try self.bounded(inner.depth + 1, at: start)
        return Operand(
            expression: isNegative ? Self.negated(inner) : inner.expression, type: inner.type, offset: start,
            depth: depth)
    }

    /// A sign before a number belongs to the number.
    private static func negated(_ operand: Operand) -> PromQL {
        if case .number(let value) = operand.expression, !operand.isParenthesised { return .number(-value) }
        return .negative(operand.expression)
    }

    // MARK: What operators stand between

    private mutating func primary() throws(PromQLError) -> Operand {
        let token = self.current
        switch token.kind {
        case .number(let value):
            self.advance()
            return self.leaf(.number(value), .scalar, token)
        case .string(let value):
            self.advance()
            return self.leaf(.string(value), .string, token)
        case .word: return try self.named()
        case .symbol(.leftParenthesis): return try self.parenthesised()
        case .symbol(.leftBrace): return try self.selector(name: "", at: token)
        case .variable: throw self.error("\(token.text) stands for a duration or within a string alone")
        default: throw self.unexpected("where an expression begins")
        }
    }

    func leaf(_ expression: PromQL, _ type: ValueType, _ token: Token) -> Operand {
        Operand(expression: expression, type: type, offset: token.offset, depth: 1)
    }

    private mutating func parenthesised() throws(PromQLError) -> Operand {
        self.advance()
        var inner = try self.expression(above: 0)
        try self.expect(.rightParenthesis, "in parentheses")
        inner.isParenthesised = true
        return inner
    }

    /// A number, a call, an aggregation or a metric.
    private mutating func named() throws(PromQLError) -> Operand {
        let token = self.current
        guard case .word(let word) = token.kind else { throw self.unexpected("where a name stands") }
        let lowercase = word.lowercased()
        if lowercase == "inf" || lowercase == "nan" {
            self.advance()
            return self.leaf(.number(lowercase == "inf" ? .infinity : .nan), .scalar, token)
        }
        if Aggregators.all[lowercase] != nil, self.isAggregation { return try self.aggregation(lowercase) }
        if self.following.kind == .symbol(.leftParenthesis) { return try self.call(word) }
        guard !Self.reserved.contains(lowercase) else { throw self.unexpected("where an expression begins") }
        self.advance()
        return try self.selector(name: word, at: token)
    }

    /// Keywords that no metric can be called.
    private static let reserved: Set<String> = ["bool", "on", "ignoring", "group_left", "group_right", "atan2"]

    /// Whether the word that stands here, an aggregator's name, is not a metric's.
    private var isAggregation: Bool {
        switch self.following.kind {
        case .symbol(.leftParenthesis): true
        case .word(let word): ["by", "without"].contains(word.lowercased())
        default: false
        }
    }

    // MARK: What follows: ranges, offsets

    private mutating func postfix() throws(PromQLError) -> Operand {
        var operand = try self.primary()
        while true {
            if self.isAt(.leftBracket) {
                operand = try self.ranged(operand)
            } else if self.keyword == "offset" {
                operand = try self.shifted(operand)
            } else if self.isAt(.at) {
                throw self.error("\"@\" is not supported: a query must not name a moment")
            } else {
                return operand
            }
        }
    }
}

extension PromQL {
    /// Reads a query.
    ///
    /// - Throws: what is wrong, and where.
    package init(parsing text: String) throws(PromQLError) {
        var parser = try Parser(text)
        self = try parser.whole()
    }
}
