/// Finds the queries of documents: fenced blocks that say they are PromQL.
package enum MarkdownReader {
    /// Queries of a block stand on lines of their own, or are parted by empty lines where they take several.
    package static func queries(in text: String, path: String) -> [LintedQuery] {
        var queries: [LintedQuery] = []
        var block: [String]?
        var start = 0
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop { $0 == " " }
            if let lines = block, content.hasPrefix("```") {
                queries += Self.queries(of: lines, from: start, path)
                block = nil
            } else if block != nil {
                block?.append(String(line))
            } else if content == "```promql" {
                block = []
                start = index + 2
            }
        }
        return queries
    }

    private static func queries(of lines: [String], from start: Int, _ path: String) -> [LintedQuery] {
        var queries: [LintedQuery] = []
        var part: [(line: Int, text: String)] = []
        for (index, line) in (lines + [""]).enumerated() {
            guard line.allSatisfy({ $0 == " " }) else {
                part.append((start + index, line))
                continue
            }
            queries += Self.queries(of: part, path)
            part = []
        }
        return queries
    }

    private static func queries(of part: [(line: Int, text: String)], _ path: String) -> [LintedQuery] {
        let said = part.filter { !$0.text.drop { $0 == " " }.hasPrefix("#") }
        guard let first = said.first else { return [] }
        let whole = part.map(\.text).joined(separator: "\n")
        let lines = said.map { LintedQuery($0.text, LintContext("\(path):\($0.line)")) }
        let isOne = (try? PromQL(parsing: whole)) != nil
        if !isOne, lines.allSatisfy({ (try? PromQL(parsing: $0.text)) != nil }) { return lines }
        return [LintedQuery(whole, LintContext("\(path):\(first.line)"))]
    }
}
