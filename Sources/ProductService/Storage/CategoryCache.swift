import SQLite
import Synchronization

/// The tree of categories as it was last read, kept until the catalogue changes.
final class CategoryCache: Sendable {
    private struct Entry {
        let epoch: String
        let listing: Int
        let tree: CategoryTree
        let document: RenderedDocument
    }

    private let entry = Mutex<Entry?>(nil)

    /// The slugs of a category and of all below it; nil when there is none of this slug.
    func slugs(
        under slug: String, at version: CatalogueVersion, on connection: SQLiteConnection
    ) throws -> [String]? {
        try self.current(at: version, on: connection).tree.slugs(under: slug)
    }

    /// The tree as JSON.
    func document(at version: CatalogueVersion, on connection: SQLiteConnection) throws -> RenderedDocument {
        try self.current(at: version, on: connection).document
    }

    /// The tag of the tree, which stock does not change.
    static func tag(at version: CatalogueVersion) -> EntityTag {
        EntityTag(text: "W/\"\(version.epoch)-\(version.listing)\"")
    }

    private func current(at version: CatalogueVersion, on connection: SQLiteConnection) throws -> Entry {
        let known = self.entry.withLock { $0 }
        if let known, known.listing == version.listing, known.epoch == version.epoch { return known }
        let tree = try CategoryTree(on: connection)
        let document = RenderedDocument(bytes: tree.json(), tag: Self.tag(at: version))
        let read = Entry(epoch: version.epoch, listing: version.listing, tree: tree, document: document)
        self.entry.withLock { $0 = read }
        return read
    }
}
