import JSON

/// The shop's shelves as the generator knows them: products by popularity, categories, words to search for.
struct Catalogue: Sendable {
    /// Products that are learned; a larger shop is visited no further.
    static let productsMax = 500

    let products: [String]
    let categories: [String]
    let words: [String]
    private let productPopularity: Popularity
    private let categoryPopularity: Popularity
    private let wordPopularity: Popularity

    init(products: [(id: String, name: String, category: String)]) {
        var categories: [String] = []
        var words: [String] = []
        for product in products {
            if !categories.contains(product.category) { categories.append(product.category) }
            guard let word = Self.searchWord(product.name), words.count < 200, !words.contains(word) else { continue }
            words.append(word)
        }
        self.products = products.map(\.id)
        self.categories = categories
        self.words = words.isEmpty ? ["coffee", "lamp", "book"] : words
        self.productPopularity = Popularity(count: self.products.count)
        self.categoryPopularity = Popularity(count: categories.count)
        self.wordPopularity = Popularity(count: self.words.count)
    }

    static let empty = Catalogue(products: [])
    var isEmpty: Bool { self.products.isEmpty }

    func product(_ random: inout SeededGenerator) -> String? {
        self.productPopularity.choose(&random).map { self.products[$0] }
    }

    func category(_ random: inout SeededGenerator) -> String? {
        self.categoryPopularity.choose(&random).map { self.categories[$0] }
    }

    func word(_ random: inout SeededGenerator) -> String {
        self.wordPopularity.choose(&random).map { self.words[$0] } ?? self.words[0]
    }

    /// The first word of a name that is made of four or more plain letters: it can stand in a query as it is.
    static func searchWord(_ name: String) -> String? {
        let words = name.split(separator: " ").map { $0.lowercased() }
        return words.first { word in word.utf8.count >= 4 && word.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
    }

    /// The products of a page of the list, of those that have what is needed.
    static func products(of page: JSONValue) -> [(id: String, name: String, category: String)] {
        (page["items"]?.array ?? []).compactMap { item in
            guard let id = item["id"]?.string, let name = item["name"]?.string, let category = item["category"]?.string,
                Self.isPlain(id), Self.isPlain(category)
            else { return nil }
            return (id, name, category)
        }
    }

    /// Whether a text can stand in a path as it is.
    static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D }
    }
}
