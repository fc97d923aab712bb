/// A product as it is seeded, before it becomes a row.
package struct SeedProduct: Sendable {
    /// 1 to 65,535, unique among products; `id` derives from it.
    package let number: Int
    /// Always a leaf of the category tree.
    package let category: SeedCategory
    package let name: String
    /// In cents of a US dollar; written `149_00` in the lists, so that a reader sees the price.
    package let priceMinorUnits: Int
    /// Units on hand; some products start at 0 and some nearly there, so that an empty shelf needs no preparation.
    package let stockQuantity: Int
    /// One or two sentences, the last with sizes, weights or limits.
    package let description: String

    package var id: String { SeedIdentifier.product(self.number) }
    package var categorySlug: String { self.category.slug }

    /// `/images/<slug of the name>.svg`
    package var imageURL: String { "/images/\(Self.slug(of: self.name)).svg" }

    init(
        _ number: Int, _ category: SeedCategory, _ name: String, _ priceMinorUnits: Int, _ stockQuantity: Int,
        _ summary: String, _ detail: String
    ) {
        self.number = number
        self.category = category
        self.name = name
        self.priceMinorUnits = priceMinorUnits
        self.stockQuantity = stockQuantity
        self.description = summary + " " + detail
    }

    /// ASCII letters and digits in lower case; each run of anything else becomes one `-`, none at either end.
    ///
    /// Apostrophes vanish rather than split a word: `Chef's Knife, 20 cm` is `chefs-knife-20-cm`.
    static func slug(of name: String) -> String {
        var slug: [UInt8] = []
        var gap = false
        for byte in name.utf8 where byte != UInt8(ascii: "'") {
            let lower: UInt8 = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            guard Self.isWordByte(lower) else {
                gap = true
                continue
            }
            if gap && !slug.isEmpty { slug.append(UInt8(ascii: "-")) }
            gap = false
            slug.append(lower)
        }
        return String(decoding: slug, as: UTF8.self)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
