public import HTTPCore
import JSON

extension HTTPRequest {
    /// Gathers and parses a JSON object.
    ///
    /// - Parameter context: its route's `bodyBytesMax` bounds the body; 64 KiB where the route sets none.
    /// - Throws: `Problem` 415 when the content type is not JSON, 413 when the body is too large, 400 when it is missing,
    ///   cut short, malformed or no object.
    public func payload(_ context: RequestContext) async throws -> PayloadReader {
        try self.requireJSON()
        let limit = context.route.bodyBytesMax ?? 64 << 10
        let bytes = try await self.collect(upTo: limit)
        guard !bytes.isEmpty else { throw Problem.badRequest("A JSON object is expected; the body is empty.") }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw Problem.badRequest("The body is not valid JSON: \(error.reason) at byte \(error.offset).")
        }
        guard case .object(let object) = value else { throw Problem.badRequest("The body must be a JSON object.") }
        return PayloadReader(object)
    }

    /// Gathers the body.
    /// - Throws: `Problem` 413 when it is larger than `limit` bytes; what the listener refuses the body with when it is
    ///   cut short, malformed or too slow.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        do {
            return try await self.body.collect(upTo: limit)
        } catch HTTPBodyError.tooLarge(let limit) {
            throw Problem.contentTooLarge(limit: limit)
        }
    }

    /// A missing content type is taken as JSON, as clients written for similar shops expect; another one is refused.
    private func requireJSON() throws {
        guard let type = self.fields[.contentType] else { return }
        let essence = type.prefix { $0 != ";" }.trimmingSpaces.lowercased()
        guard essence == "application/json" || essence.hasSuffix("+json") else {
            throw Problem.unsupportedMediaType("The content type must be application/json, not \(essence.prefix(100)).")
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text = text.dropFirst() }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return text
    }
}
