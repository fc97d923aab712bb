import HTTPCore
import JSON
import Security

/// The parts of a request's path that allocate or scan.
enum RequestOperations {
    static func all() throws -> [Operation] { [self.listOf20, self.parsing, try self.tokenLookUp()] }

    /// The list of the catalogue, from values at hand: what the encoder costs, without SQLite.
    private static var listOf20: Operation {
        let id = "0190163d-8694-739b-aea5-966c26f8ad91"
        let description = "A believable thing to buy, made with care and kept in stock."
        return Operation("JSON list of 20 products", repetitions: 20_000) { count in
            for _ in 0..<count {
                var writer = JSONWriter(capacity: 8_192)
                writer.beginObject()
                writer.key("items")
                writer.beginArray()
                for number in 1...20 {
                    writer.beginObject()
                    writer.field("id", id)
                    writer.field("name", "Product number")
                    writer.field("description", description)
                    writer.field("price", minorUnits: number * 100 + 99)
                    writer.field("currency", "USD")
                    writer.field("stock_quantity", 1_000_000)
                    writer.field("category", "everything")
                    writer.field("created_at", "2024-06-10T02:35:18.400000Z")
                    writer.field("updated_at", "2024-06-10T02:35:18.400000Z")
                    writer.endObject()
                }
                writer.endArray()
                writer.field("page", 1)
                writer.field("limit", 20)
                writer.field("total", 1_000)
                writer.endObject()
                precondition(writer.bytes.count > 4_000, "the list is cut short")
            }
        }
    }

    private static var parsing: Operation {
        let head = Array(
            """
            GET /api/v1/products?limit=20 HTTP/1.1\r
            host: shop.example\r
            user-agent: curl/7.88.1\r
            accept: application/json\r
            authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\r
            traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r
            \r

            """.utf8)
        return Operation("request head, 5 fields", repetitions: 500_000) { count in
            var decoder = HTTP1RequestDecoder()
            head.withUnsafeBytes { bytes in
                for _ in 0..<count {
                    decoder.reset()
                    guard let (decoded, _) = try? decoder.decodeHead(bytes) else {
                        preconditionFailure("a valid head is refused")
                    }
                    precondition(decoded.fields.count == 5, "fields are missing")
                }
            }
        }
    }

    private static func tokenLookUp() throws -> Operation {
        let now = 1_700_000_000
        let claims = AccessTokenClaims(
            subject: "0190163d-8694-739b-aea5-966c26f8ad91", roles: ["customer"], issuedAt: now, expiresAt: now + 900,
            tokenID: "0190163d-8694-739b-aea5-966c26f8ad92", issuer: "vitrine", audience: "vitrine-api")
        let token = Array(try SigningKey.generate().sign(claims).utf8)
        let cache = VerifiedTokenCache()
        token.withUnsafeBufferPointer { _ = cache.insert(claims, for: $0, now: now) }
        return Operation("verified token looked up", goal: 1_000, repetitions: 2_000_000) { count in
            token.withUnsafeBufferPointer { bytes in
                for _ in 0..<count { precondition(cache.value(for: bytes, now: now) != nil, "the token is unknown") }
            }
        }
    }
}
