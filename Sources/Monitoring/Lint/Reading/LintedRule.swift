/// A rule as the lint sees it, as it is read from a file.
package struct LintedRule: Sendable {
    /// Of the series or of the alert.
    package let name: String
    package let isAlert: Bool
    package let text: String
    /// Nil where the text is no query.
    package let expression: PromQL?
    package let error: PromQLError?
    package let labels: [Label]
    package let annotations: [Label]
    /// The file and the line.
    package let place: String

    package init(
        _ name: String, isAlert: Bool, text: String, labels: [Label] = [], annotations: [Label] = [], place: String
    ) {
        self.name = name
        self.isAlert = isAlert
        self.text = text
        self.labels = labels
        self.annotations = annotations
        self.place = place
        do throws(PromQLError) {
            self.expression = try PromQL(parsing: text)
            self.error = nil
        } catch {
            self.expression = nil
            self.error = error
        }
    }
}
