/// The ids of seeded rows: UUIDv7-shaped constants, so that documents and demonstrations can name a product.
///
/// Their time part reads as 10 June 2024, older than any row made at run time, so seeded rows sort first. Numbers are given
/// by hand and never reused: a new product takes the next free one, wherever it stands in the lists.
package enum SeedIdentifier {
    /// The id of product `number`, 1 to 65,535: `01900000-0000-7000-8000-00000000000a` is product 10.
    package static func product(_ number: Int) -> String {
        self.identifier(number, kind: 0)
    }

    /// The id of category `number`, 1 to 65,535: `01900000-0000-7000-8000-0000000c0011` is category 17 (`0x11`).
    package static func category(_ number: Int) -> String {
        self.identifier(number, kind: 0xc_0000)
    }

    private static func identifier(_ number: Int, kind: Int) -> String {
        precondition((1...0xffff).contains(number), "a seed number is 1 to 65535, not \(number)")
        let digits: String = String(kind + number, radix: 16)
        return "01900000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }
}
