import HTTPCore
import JSON
import Routing

/// Reads what admins send about products.
enum ProductPayloads {
    /// All fields of a product; what may be left out has its default.
    /// - Throws: `Problem` 400 or 422.
    static func draft(_ reader: consuming PayloadReader) throws -> ProductDraft {
        let draft = ProductDraft(
            name: reader.string("name", length: ProductLimits.name),
            description: reader.optionalString("description", length: ProductLimits.description) ?? "",
            priceMinorUnits: reader.minorUnits("price", in: ProductLimits.price),
            stockQuantity: Self.stock(&reader),
            category: reader.string("category", length: 1...CategoryDraft.slugLengthMax).lowercased(),
            imageURL: Self.imageURL(&reader))
        Self.checkCurrency(&reader)
        try reader.validate()
        return draft
    }

    /// The fields of a product that change.
    ///
    /// - Parameter nulls: names of fields that are there and null.
    /// - Throws: `Problem` 400 or 422, the latter also for null in place of a value that a product cannot do without.
    static func patch(_ reader: consuming PayloadReader, nulls: Set<String>) throws -> ProductPatch {
        for name in ["name", "price", "category"] where nulls.contains(name) { reader.reject(name, "must not be null") }
        var patch = ProductPatch(
            name: reader.optionalString("name", length: ProductLimits.name),
            description: reader.optionalString("description", length: ProductLimits.description),
            priceMinorUnits: reader.optionalMinorUnits("price", in: ProductLimits.price),
            stockQuantity: Self.stock(&reader),
            category: reader.optionalString("category", length: 1...CategoryDraft.slugLengthMax)?.lowercased())
        if nulls.contains("description") { patch.description = "" }
        if reader.has("image_url") || nulls.contains("image_url") { patch.imageURL = .some(Self.imageURL(&reader)) }
        Self.checkCurrency(&reader)
        try reader.validate()
        return patch
    }

    /// `stock_quantity`, or `stock` without it; nil without either.
    private static func stock(_ reader: inout PayloadReader) -> Int? {
        reader.optionalInteger(reader.has("stock_quantity") ? "stock_quantity" : "stock", in: ProductLimits.stock)
    }

    /// An address on the web, or a path of this site. An empty one is none.
    private static func imageURL(_ reader: inout PayloadReader) -> String? {
        guard let url = reader.rawString("image_url"), !url.isEmpty else { return nil }
        guard url.utf8.count <= ProductLimits.imageURLBytesMax else {
            reader.reject("image_url", "must be at most \(ProductLimits.imageURLBytesMax) bytes long")
            return nil
        }
        guard Self.isAddress(url) else {
            reader.reject("image_url", "must begin with http://, https:// or one slash, and hold no white space")
            return nil
        }
        return url
    }

    private static func isAddress(_ url: String) -> Bool {
        // Quotes, angle brackets and backslashes would let an address break out of the page that shows it.
        let isClean = url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
        guard isClean else { return false }
        if url.hasPrefix("/") { return !url.hasPrefix("//") }
        for scheme in ["http://", "https://"] where url.lowercased().hasPrefix(scheme) {
            let host = url.utf8.dropFirst(scheme.utf8.count).first
            return host.map { $0 != UInt8(ascii: "/") } ?? false
        }
        return false
    }

    /// The currency need not be said, but another one must not be passed over in silence.
    private static func checkCurrency(_ reader: inout PayloadReader) {
        guard let currency = reader.rawString("currency"), currency != ProductLimits.currency else { return }
        reader.reject("currency", "must be \(ProductLimits.currency), the shop's currency")
    }
}

extension HTTPRequest {
    /// As `payload(_:)`, and besides which members of the object are null: merging tells them from those left out.
    func mergePayload(_ context: RequestContext) async throws -> (reader: PayloadReader, nulls: Set<String>) {
        let bytes = try await self.collect(upTo: context.route.bodyBytesMax ?? 64 << 10)
        var gathered = self
        gathered.body = .bytes(bytes)
        let reader = try await gathered.payload(context)
        // The reader has just found these bytes to be an object.
        guard case .object(let object)? = try? JSONValue(parsing: bytes) else { return (reader, []) }
        return (reader, Set(object.members.filter { $0.value.isNull }.map(\.key)))
    }
}
