/// Cuts a query's text into tokens.
///
/// Source: Prometheus 2.42, `promql/parser/lex.go`, with Grafana's variables besides.
struct Lexer {
    let text: [UInt8]
    var place = 0
    private var isInBrackets = false

    init(_ text: String) { self.text = Array(text.utf8) }

    /// All of them, the last `.end`.
    static func tokens(of text: String) throws(PromQLError) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(PromQLError) -> Token {
        self.skipSpaceAndComments()
        let start = self.place
        guard let byte = self.peek() else { return Token(kind: .end, offset: start) }
        let kind: Token.Kind
        switch byte {
        case 0x22, 0x27, 0x60: kind = .string(try self.string(quote: byte))
        case UInt8(ascii: "$"): kind = .variable(try self.variable())
        case _ where Self.isDigit(byte): kind = try self.numberOrDuration()
        case UInt8(ascii: ".") where self.peek(1).map(Self.isDigit) == true: kind = try self.numberOrDuration()
        case _ where Self.isWordStart(byte) || (byte == UInt8(ascii: ":") && !self.isInBrackets): kind = self.word()
        default: kind = .symbol(try self.symbol())
        }
        return Token(kind: kind, offset: start)
    }

    // MARK: Bytes

    func peek(_ ahead: Int = 0) -> UInt8? {
        self.place + ahead < self.text.count ? self.text[self.place + ahead] : nil
    }

    func error(_ reason: String, at offset: Int? = nil) -> PromQLError {
        PromQLError(reason, at: offset ?? self.place, in: self.text)
    }

    mutating func take(while isWanted: (UInt8) -> Bool) -> Int {
        let start = self.place
        while let byte = self.peek(), isWanted(byte) { self.place += 1 }
        return self.place - start
    }

    func slice(from start: Int) -> String { String(decoding: self.text[start..<self.place], as: UTF8.self) }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isWordStart(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
    static func isWord(_ byte: UInt8) -> Bool { self.isWordStart(byte) || self.isDigit(byte) }

    // MARK: Tokens

    private mutating func skipSpaceAndComments() {
        while let byte = self.peek() {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: self.place += 1
            case UInt8(ascii: "#"): _ = self.take { $0 != 0x0A && $0 != 0x0D }
            default: return
            }
        }
    }

    private mutating func word() -> Token.Kind {
        let start = self.place
        let withColon = !self.isInBrackets
        _ = self.take { Self.isWord($0) || (withColon && $0 == UInt8(ascii: ":")) }
        let word = self.slice(from: start)
        return .word(word)
    }

    private mutating func symbol() throws(PromQLError) -> Token.Symbol {
        for length in [2, 1] where self.place + length <= self.text.count {
            let text = String(decoding: self.text[self.place..<self.place + length], as: UTF8.self)
            guard let symbol = Token.Symbol(rawValue: text) else { continue }
            self.place += length
            if symbol == .leftBracket { self.isInBrackets = true }
            if symbol == .rightBracket { self.isInBrackets = false }
            return symbol
        }
        let scalar = String(decoding: self.text[self.place...].prefix(4), as: UTF8.self).unicodeScalars.first
        throw self.error("unexpected character \(scalar.map { PromQL.quoted(String($0)) } ?? "")")
    }

    /// `$name`, or `${name}` with Grafana's format after a colon.
    private mutating func variable() throws(PromQLError) -> String {
        let start = self.place
        self.place += 1
        let isBraced = self.peek() == UInt8(ascii: "{")
        if isBraced { self.place += 1 }
        guard self.take(while: { Self.isWord($0) || (isBraced && $0 == UInt8(ascii: ":")) }) > 0 else {
            throw self.error("a variable needs a name after \"$\"", at: start)
        }
        if isBraced {
            guard self.peek() == UInt8(ascii: "}") else { throw self.error("\"${\" is not closed", at: start) }
            self.place += 1
        }
        return self.slice(from: start)
    }
}
