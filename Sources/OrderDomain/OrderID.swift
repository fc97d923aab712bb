/// Names an order: a UUID in lower case, made by whoever places the order.
public struct OrderID: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// The 36 characters of the UUID.
    public let description: String

    /// Takes the text form of a UUID (RFC 9562, section 4); capitals become small letters. Nil for anything else.
    public init?(_ text: String) {
        guard let canonical = Self.canonical(text) else { return nil }
        self.description = canonical
    }

    /// By text, which for UUIDs of version 7 is by the time they were made.
    public static func < (left: OrderID, right: OrderID) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    private static func canonical(_ text: String) -> String? {
        guard text.utf8.count == 36 else { return nil }
        for (position, byte) in text.utf8.enumerated() {
            let isHyphenPlace = position == 8 || position == 13 || position == 18 || position == 23
            switch byte {
            case 0x2D: guard isHyphenPlace else { return nil }
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: guard !isHyphenPlace else { return nil }
            default: return nil
            }
        }
        return text.lowercased()
    }
}
