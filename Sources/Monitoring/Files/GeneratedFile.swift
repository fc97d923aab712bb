/// A file that is made from what is declared, and committed: a test makes it anew and compares.
package struct GeneratedFile: Sendable, Hashable {
    /// From the repository's root: `dashboards/shop-overview.json`.
    package let path: String
    /// Ends with a line feed.
    package let text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}
