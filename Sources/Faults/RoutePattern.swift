/// Which calls a fault is for: a name, or the beginning of names with `*` behind it.
///
/// A call is known by its span's name, `GET /api/v1/products/{id}`, and by what follows the first space of it: the
/// template, or the table of a database operation.
public struct RoutePattern: Sendable, Hashable {
    public let text: String

    init(_ text: String) { self.text = text }

    func matches(_ name: String) -> Bool {
        if self.fits(name[...]) { return true }
        guard let space = name.firstIndex(of: " ") else { return false }
        return self.fits(name[name.index(after: space)...])
    }

    private func fits(_ name: Substring) -> Bool {
        self.text.hasSuffix("*") ? name.hasPrefix(self.text.dropLast()) : name == self.text
    }
}
