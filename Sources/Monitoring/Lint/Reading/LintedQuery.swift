/// A query that was read from a file, and what it is for.
package struct LintedQuery: Sendable, Hashable {
    package let text: String
    package let context: LintContext

    package init(_ text: String, _ context: LintContext) {
        self.text = text
        self.context = context
    }
}
