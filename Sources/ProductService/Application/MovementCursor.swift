import Security

/// The place behind one movement in a product's history.
struct MovementCursor: Sendable, Hashable {
    /// The movement's number.
    let number: Int

    var text: String { Base64URL.text(Array("m.\(self.number)".utf8)) }

    init(number: Int) { self.number = number }

    /// Nil for what is no cursor.
    init?(_ text: String) {
        guard text.utf8.count <= 64, let bytes = Base64URL.bytes(text.utf8),
            let decoded = String(validating: bytes, as: UTF8.self), decoded.hasPrefix("m."),
            let number = Int(decoded.dropFirst(2)), number >= 0
        else { return nil }
        self.number = number
    }
}
