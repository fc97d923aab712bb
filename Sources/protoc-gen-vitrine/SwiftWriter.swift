/// Writes lines of Swift as `swift format` leaves them with the settings of the repository: 120 columns, four spaces.
struct SwiftWriter {
    static let lineWidth = 120

    private(set) var text = ""
    private var depth = 0

    private var room: Int { Self.lineWidth - 4 * self.depth }

    /// Whether `line` can stand here in one piece.
    func fits(_ line: String) -> Bool { line.count <= self.room }

    mutating func line(_ text: String = "") {
        if !text.isEmpty { self.text += String(repeating: " ", count: 4 * self.depth) + text }
        self.text += "\n"
    }

    /// `head {`, what `body` writes, `}`.
    mutating func block(
        _ head: String, _ body: (inout SwiftWriter) throws(GeneratorError) -> Void
    ) throws(GeneratorError) {
        self.line(head + " {")
        try self.indented(body)
        self.line("}")
    }

    mutating func indented(_ body: (inout SwiftWriter) throws(GeneratorError) -> Void) throws(GeneratorError) {
        self.depth += 1
        try body(&self)
        self.depth -= 1
    }

    /// A call: on one line, or with as many arguments on each line as fit.
    mutating func call(_ head: String, _ arguments: [String], _ tail: String = ")") {
        let line = head + arguments.joined(separator: ", ") + tail
        if line.count <= self.room { return self.line(line) }
        self.line(head)
        self.depth += 1
        self.fill(arguments, tail)
        self.depth -= 1
    }

    /// `label: call`, the call on a line of its own where both do not fit on one.
    mutating func labelled(_ label: String, _ head: String, _ arguments: [String], _ tail: String = ")") {
        let line = label + " " + head + arguments.joined(separator: ", ") + tail
        if line.count <= self.room { return self.line(line) }
        self.line(label)
        self.depth += 1
        self.call(head, arguments, tail)
        self.depth -= 1
    }

    /// A function's head: on one line, or with the parameters on lines of their own.
    mutating func head(_ start: String, _ parameters: [String], _ end: String) {
        let line = start + parameters.joined(separator: ", ") + end
        if line.count <= self.room { return self.line(line) }
        self.line(start)
        self.depth += 1
        self.fill(parameters, "")
        self.depth -= 1
        self.line(end)
    }

    private mutating func fill(_ items: [String], _ tail: String) {
        var current = ""
        for (index, item) in items.enumerated() {
            let piece = item + (index == items.count - 1 ? tail : ",")
            if current.isEmpty {
                current = piece
            } else if current.count + 1 + piece.count <= self.room {
                current += " " + piece
            } else {
                self.line(current)
                current = piece
            }
        }
        if !current.isEmpty { self.line(current) }
    }

    // MARK: - Comments

    /// A comment of the file as a doc comment. Paragraphs that do not fit are wrapped anew.
    mutating func documentation(_ comment: String) {
        for line in self.wrapped(comment) { self.line(line.isEmpty ? "///" : "/// " + line) }
    }

    private func wrapped(_ comment: String) -> [String] {
        let lines = comment.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(" ") ? String($0.dropFirst()) : String($0) }
            .map { String($0.reversed().drop { $0 == " " }.reversed()) }
        let trimmed = lines.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
        var result: [String] = []
        for paragraph in Array(trimmed).split(separator: "", omittingEmptySubsequences: true) {
            if !result.isEmpty { result.append("") }
            let fits = paragraph.allSatisfy { $0.count + 4 <= self.room }
            result += fits ? Array(paragraph) : self.wrap(paragraph.joined(separator: " "))
        }
        return result
    }

    private func wrap(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count + 4 <= self.room {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
