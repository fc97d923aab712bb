/// What the shop holds on its first day: 240 products in 12 categories, under 4 departments.
///
/// The tree has two levels. The four departments (electronics, home, outdoors, leisure) hold no product themselves; the
/// twelve leaves below them hold twenty each, one file a leaf. The goods and their makers are invented, the two
/// public-domain classics apart.
package enum SeedCatalogue {
    /// Departments first, so that a parent exists before its children when they are inserted in this order.
    package static let categories: [SeedCategory] = [
        .electronics, .home, .outdoors, .leisure,
        .audio, .computing, .smartHome,
        .kitchen, .furniture, .bedAndBath,
        .camping, .cycling, .fitness,
        .books, .games, .stationery,
    ]

    /// Every product, in the order of its number.
    package static let products: [SeedProduct] = {
        let shelves: [[SeedProduct]] = [
            audio, computing, smartHome, kitchen, furniture, bedAndBath,
            camping, cycling, fitness, books, games, stationery,
        ]
        return Array(shelves.joined())
    }()
}
