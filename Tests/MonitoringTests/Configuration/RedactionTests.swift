import JSON
import Monitoring
import Telemetry
import Testing

@Suite("What is about a person leaves the collector masked")
struct RedactionTests {
    @Test("Every attribute declared personal is among the keys, and the known ones are declared so")
    func keys() {
        let declared = Signals.attributes.filter { $0.sensitivity == .personal }.map(\.key)
        #expect(Redaction.personalKeys == declared)
        #expect(Set(declared).isSuperset(of: ["client.address", "user.email"]))
    }

    @Test("The collector's patterns meet each personal key, whole, and no attribute that is none")
    func patterns() throws {
        let patterns = try Self.processor("redaction")["blocked_key_patterns"]?.strings ?? []
        #expect(patterns.count == 2)
        for attribute in Signals.attributes {
            let isMasked = try patterns.contains { try Regex($0).firstMatch(in: attribute.key) != nil }
            #expect(isMasked == (attribute.sensitivity == .personal), "\(attribute.key)")
        }
        for key in ["user.email.domain", "xclient.address", "clientxaddress"] {
            #expect(try !patterns.contains { try Regex($0).firstMatch(in: key) != nil }, "\(key)")
        }
        for key in ["password", "db.password", "http.request.header.authorization", "auth_token", "api-key", "Cookie"] {
            #expect(try patterns.contains { try Regex($0).firstMatch(in: key) != nil }, "\(key)")
        }
    }

    @Test("Span events lose the same keys")
    func events() throws {
        let statements = try Self.processor("transform/span_events")["trace_statements"]?.array?.first?["statements"]
        let texts = statements?.strings ?? []
        #expect(texts.count == 2)
        for key in Redaction.personalKeys {
            let escaped = key.split(separator: ".").joined(separator: #"\\."#)
            #expect(texts.contains { $0.contains(escaped) }, "\(key)")
        }
        #expect(
            texts.allSatisfy { $0.hasPrefix("delete_matching_keys(spanevent.attributes, \"") && $0.hasSuffix("\")") })
    }

    static let secrets = [
        "ana@example.com", "text with ana.b+c@mail.example.org in it", "Bearer abcdef0123456789",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0xMjM0.c2lnbmF0dXJl", "4111111111111111", "card 5500005555555559.",
    ]
    static let harmless = [
        "0b5d3c40fc16da06", "48bbe877302bf6222382e952d5cbb67f", "01a1fc7e-4fdf-76f7-aad3-4458cd6b0c0c", "order placed",
        "1732000000000", "GET /api/v1/orders/{order_id}", "127.0.0.1:8000", "vitrine.orders.v1.Orders/Place",
    ]

    @Test("Personal and secret values are met wherever they stand", arguments: secrets)
    func met(_ value: String) throws {
        #expect(try Redaction.values.contains { try Regex($0.pattern).firstMatch(in: value) != nil })
    }

    @Test("Ids, names and times are not", arguments: harmless)
    func spared(_ value: String) throws {
        #expect(try !Redaction.values.contains { try Regex($0.pattern).firstMatch(in: value) != nil })
    }

    @Test("Patterns are written as they are meant: nothing in them is expanded")
    func literal() throws {
        let redaction = try Self.processor("redaction")
        #expect(redaction["blocked_values"]?.strings == Redaction.values.map(\.pattern))
        #expect(redaction.allStrings.allSatisfy { !$0.contains("$") })
    }

    private static func processor(_ id: String) throws -> JSONValue {
        let document = try ParsedYAML.read(CollectorConfiguration.vitrine.document.document(comment: ""))
        return try #require(document["processors"]?[id])
    }
}
