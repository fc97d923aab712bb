/// A category as it is seeded: a department, or one of the leaves below it that products belong to.
package struct SeedCategory: Sendable, Hashable {
    /// 1 to 65,535, unique among categories; `id` derives from it.
    package let number: Int
    /// Lower-case ASCII words joined by `-`; what `?category=` takes and a product's `category` says.
    package let slug: String
    /// What a shopper reads.
    package let name: String
    /// The department's slug; nil for a department.
    package let parentSlug: String?

    package var id: String { SeedIdentifier.category(self.number) }

    private init(_ number: Int, _ slug: String, _ name: String, in parentSlug: String? = nil) {
        self.number = number
        self.slug = slug
        self.name = name
        self.parentSlug = parentSlug
    }
}

extension SeedCategory {
    static let electronics: SeedCategory = SeedCategory(0x01, "electronics", "Electronics")
    static let audio: SeedCategory = SeedCategory(0x11, "audio", "Audio", in: "electronics")
    static let computing: SeedCategory = SeedCategory(0x12, "computing", "Computing", in: "electronics")
    static let smartHome: SeedCategory = SeedCategory(0x13, "smart-home", "Smart Home", in: "electronics")

    static let home: SeedCategory = SeedCategory(0x02, "home", "Home")
    static let kitchen: SeedCategory = SeedCategory(0x21, "kitchen", "Kitchen & Table", in: "home")
    static let furniture: SeedCategory = SeedCategory(0x22, "furniture", "Furniture & Lighting", in: "home")
    static let bedAndBath: SeedCategory = SeedCategory(0x23, "bed-bath", "Bed & Bath", in: "home")

    static let outdoors: SeedCategory = SeedCategory(0x03, "outdoors", "Sports & Outdoors")
    static let camping: SeedCategory = SeedCategory(0x31, "camping", "Camping & Hiking", in: "outdoors")
    static let cycling: SeedCategory = SeedCategory(0x32, "cycling", "Cycling", in: "outdoors")
    static let fitness: SeedCategory = SeedCategory(0x33, "fitness", "Fitness", in: "outdoors")

    static let leisure: SeedCategory = SeedCategory(0x04, "leisure", "Books & Leisure")
    static let books: SeedCategory = SeedCategory(0x41, "books", "Books", in: "leisure")
    static let games: SeedCategory = SeedCategory(0x42, "games", "Games & Puzzles", in: "leisure")
    static let stationery: SeedCategory = SeedCategory(0x43, "stationery", "Stationery & Art", in: "leisure")
}
