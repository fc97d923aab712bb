/// The name of an experiment: small letters, digits and hyphens, 1 to 64 of them.
package struct ExperimentName: Sendable, Hashable, CustomStringConvertible {
    package static let lengthMax = 64

    package let description: String

    /// Nil for anything else.
    package init?(_ text: String) {
        let isName = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        guard isName, (1...Self.lengthMax).contains(text.utf8.count) else { return nil }
        self.description = text
    }
}
