import JSON
import SQLite

/// All categories at one moment, with how many products hang on each.
struct CategoryTree: Sendable {
    struct Node: Sendable {
        let id: String
        let slug: String
        let name: String
        let parentID: String?
        /// Products in this category itself, those below it not counted.
        let ownProducts: Int
        /// Places of the categories right below, by name.
        var children: [Int] = []
    }

    private(set) var nodes: [Node] = []
    private(set) var roots: [Int] = []
    private var placeByID: [String: Int] = [:]
    private var placeBySlug: [String: Int] = [:]

    /// Reads the tree.
    init(on connection: SQLiteConnection) throws {
        try connection.query(Self.select) { row in
            self.nodes.append(
                Node(
                    id: row.text(0), slug: row.text(1), name: row.text(2), parentID: row.optionalText(3),
                    ownProducts: row.int(4)))
        }
        for (place, node) in self.nodes.enumerated() {
            self.placeByID[node.id] = place
            self.placeBySlug[node.slug] = place
        }
        for (place, node) in self.nodes.enumerated() {
            if let parent = node.parentID.flatMap({ self.placeByID[$0] }) {
                self.nodes[parent].children.append(place)
            } else {
                self.roots.append(place)
            }
        }
    }

    private static let select: SQL = """
        SELECT c.id, c.slug, c.name, c.parent_id,
            (SELECT count(*) FROM products p WHERE p.category = c.slug AND p.deleted_at IS NULL)
        FROM categories c ORDER BY c.name COLLATE NOCASE, c.slug
        """

    var count: Int { self.nodes.count }

    func node(id: String) -> Node? { self.placeByID[id].map { self.nodes[$0] } }

    func node(slug: String) -> Node? { self.placeBySlug[slug].map { self.nodes[$0] } }

    /// The slugs of a category and of all below it; nil when there is none of this slug.
    func slugs(under slug: String) -> [String]? {
        guard let place = self.placeBySlug[slug] else { return nil }
        return self.places(under: place).map { self.nodes[$0].slug }
    }

    /// Whether the category `id` is `ancestor` or somewhere below it.
    func isUnder(_ id: String, _ ancestor: String) -> Bool {
        guard let place = self.placeByID[ancestor] else { return false }
        return self.places(under: place).contains { self.nodes[$0].id == id }
    }

    /// How many levels the category and those below it make.
    func height(of id: String) -> Int {
        guard let place = self.placeByID[id] else { return 0 }
        return self.height(at: place)
    }

    /// At which level the category is; 1 at the top.
    func depth(of id: String) -> Int {
        var depth = 0
        var current = self.node(id: id)
        // Bounded for the sake of a tree that was made a ring by hand.
        while let node = current, depth <= self.count {
            depth += 1
            current = node.parentID.flatMap { self.node(id: $0) }
        }
        return depth
    }

    private func height(at place: Int) -> Int { 1 + (self.nodes[place].children.map(self.height(at:)).max() ?? 0) }

    private func places(under place: Int) -> [Int] {
        [place] + self.nodes[place].children.flatMap(self.places(under:))
    }
}

extension CategoryTree {
    /// `{"items":[…],"total":n}`, each category with those below it.
    func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 128 + self.count * 192)
        writer.beginObject()
        writer.key("items")
        writer.beginArray()
        for root in self.roots { _ = self.write(root, to: &writer) }
        writer.endArray()
        writer.field("total", self.count)
        writer.endObject()
        return writer.bytes
    }

    /// One category with those below it; nil when there is none of this id.
    func json(id: String) -> [UInt8]? {
        guard let place = self.placeByID[id] else { return nil }
        var writer = JSONWriter()
        _ = self.write(place, to: &writer)
        return writer.bytes
    }

    /// Writes a category and those below it; returns how many products hang on them.
    private func write(_ place: Int, to writer: inout JSONWriter) -> Int {
        let node = self.nodes[place]
        writer.beginObject()
        writer.field("id", node.id)
        writer.field("slug", node.slug)
        writer.field("name", node.name)
        writer.field("parent_id", node.parentID)
        writer.field("parent", node.parentID.flatMap { self.node(id: $0)?.slug })
        writer.key("children")
        writer.beginArray()
        var products = node.ownProducts
        for child in node.children { products += self.write(child, to: &writer) }
        writer.endArray()
        // Last, because only now the products of those below are counted.
        writer.field("product_count", products)
        writer.endObject()
        return products
    }
}
