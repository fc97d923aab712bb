import Persistence
import SQLite

extension SQLCatalogueEditor {
    func createCategory(_ draft: CategoryDraft, id: String) async throws -> [UInt8] {
        let now = self.now()
        return try await self.database.write(ProductOperations.insertCategory) { connection in
            let tree = try CategoryTree(on: connection)
            guard tree.count < CategoryDraft.countMax else { throw CatalogueError.tooManyCategories }
            let slug = try Self.slug(draft, in: tree, kept: nil)
            try Self.requireParent(draft.parentID, in: tree, height: 1)
            try connection.run(
                "INSERT INTO categories (id, slug, name, parent_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                .text(id), .text(slug), .text(draft.name), .optional(draft.parentID), .integer(now))
            return try Self.category(id, on: connection)
        }
    }

    func updateCategory(_ id: String, _ draft: CategoryDraft) async throws -> [UInt8] {
        let now = self.now()
        return try await self.database.write(ProductOperations.updateCategory) { connection in
            let tree = try CategoryTree(on: connection)
            guard let node = tree.node(id: id) else { throw CatalogueError.categoryNotFound }
            let slug = try Self.slug(draft, in: tree, kept: node)
            if let parentID = draft.parentID, tree.isUnder(parentID, id) { throw CatalogueError.categoryCycle }
            try Self.requireParent(draft.parentID, in: tree, height: tree.height(of: id))
            try connection.run(
                "UPDATE categories SET slug = ?2, name = ?3, parent_id = ?4, updated_at = ?5 WHERE id = ?1",
                .text(id), .text(slug), .text(draft.name), .optional(draft.parentID), .integer(now))
            if slug != node.slug {
                // The new slug has cascaded to its products, which now read differently.
                try connection.run(
                    "UPDATE products SET version = version + 1, updated_at = ?2 WHERE category = ?1",
                    .text(slug), .integer(now))
            }
            return try Self.category(id, on: connection)
        }
    }

    func removeCategory(_ id: String) async throws {
        try await self.database.write(ProductOperations.deleteCategory) { connection in
            let tree = try CategoryTree(on: connection)
            guard let node = tree.node(id: id) else { throw CatalogueError.categoryNotFound }
            guard node.children.isEmpty else { throw CatalogueError.categoryHasChildren(node.children.count) }
            guard node.ownProducts == 0 else { throw CatalogueError.categoryHasProducts(node.ownProducts) }
            // Only products that have left the catalogue still name it.
            try connection.run("UPDATE products SET category = NULL WHERE category = ?1", .text(node.slug))
            try connection.run("DELETE FROM categories WHERE id = ?1", .text(id))
        }
    }

    /// The slug the category gets, which no other one has.
    private static func slug(_ draft: CategoryDraft, in tree: CategoryTree, kept: CategoryTree.Node?) throws -> String {
        let slug = draft.slug ?? kept?.slug ?? Self.slug(of: draft.name)
        guard !slug.isEmpty else { throw CatalogueError.slugMissing }
        if let holder = tree.node(slug: slug), holder.id != kept?.id { throw CatalogueError.slugTaken(slug) }
        return slug
    }

    private static func slug(of name: String) -> String {
        let slug = SeedProduct.slug(of: name).prefix(CategoryDraft.slugLengthMax)
        return String(slug.last == "-" ? slug.dropLast() : slug)
    }

    /// - Parameter height: levels that will hang below the parent.
    private static func requireParent(_ parentID: String?, in tree: CategoryTree, height: Int) throws {
        guard let parentID else { return }
        guard tree.node(id: parentID) != nil else { throw CatalogueError.unknownCategory(field: "parent_id") }
        let depth = tree.depth(of: parentID) + height
        guard depth <= CategoryDraft.depthMax else { throw CatalogueError.categoryTooDeep }
    }

    private static func category(_ id: String, on connection: SQLiteConnection) throws -> [UInt8] {
        let tree = try CategoryTree(on: connection)
        guard let category = tree.json(id: id) else { throw CatalogueError.categoryNotFound }
        return category
    }
}
