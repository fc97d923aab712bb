import HTTPCore
import Testing

@testable import Gateway

@Suite("Media ranges")
struct MediaRangesTests {
    @Test(
        "JSON is acceptable",
        arguments: [
            "", "  ", "*/*", "application/*", "application/json", "Application/JSON", "text/html, application/json",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json;q=0.1",
            "application/problem+json", "application/json ; charset=utf-8", "*/*;q=0.001", "text/html;q=0, */*",
            "application/json;q=0, */*",
        ])
    func accepts(value: String) { #expect(MediaRanges.allowJSON(value)) }

    @Test(
        "JSON is not acceptable",
        arguments: [
            "text/html", "text/*", "application/xml", "application/json;q=0", "application/json; q=0.000", "*/*;q=0",
            "application/jsonp", "json", "application/*;q=0, */*",
            "application/json;q=0,application/problem+json;q=0,*/*",
        ])
    func refuses(value: String) { #expect(!MediaRanges.allowJSON(value)) }
}

@Suite("Cross-origin calls")
struct CORSPolicyTests {
    private func preflight(origin: String?, method: String? = "PUT", _ verb: HTTPMethod = .options) -> HTTPRequest {
        var request = HTTPRequest(verb, "/api/v1/cart")
        request.fields[.origin] = origin
        request.fields[.accessControlRequestMethod] = method
        return request
    }

    private func answer(_ policy: CORSPolicy, _ request: HTTPRequest) -> HTTPFields? {
        guard var response = policy.preflight(request) else { return nil }
        #expect(response.status == .noContent)
        policy.decorate(&response.fields, for: request)
        return response.fields
    }

    @Test("A preflight of a known origin is answered with what is allowed")
    func answersPreflights() throws {
        let policy = CORSPolicy(origins: ["https://shop.example"])
        let fields = try #require(self.answer(policy, self.preflight(origin: "https://shop.example")))
        #expect(fields[.accessControlAllowOrigin] == "https://shop.example")
        #expect(fields[.accessControlAllowMethods]?.contains("PUT") == true)
        #expect(fields[.accessControlAllowHeaders]?.contains("authorization") == true)
        #expect(fields[.vary] == "origin")
        #expect(fields[.accessControlMaxAge] != nil)
    }

    @Test("A preflight of another origin, and what is none, goes on to the routes")
    func leavesOthers() {
        let policy = CORSPolicy(origins: ["https://shop.example"])
        for origin in [
            "https://evil.example", "https://shop.example.evil", "null", "http://shop.example", "HTTPS://SHOP.EXAMPLE",
        ] {
            #expect(policy.preflight(self.preflight(origin: origin)) == nil)
        }
        #expect(policy.preflight(self.preflight(origin: nil)) == nil)
        #expect(policy.preflight(self.preflight(origin: "https://shop.example", method: nil)) == nil)
        #expect(policy.preflight(self.preflight(origin: "https://shop.example", .get)) == nil)
        #expect(CORSPolicy(origins: []).preflight(self.preflight(origin: "https://shop.example")) == nil)
    }

    @Test("Answers tell the origin that asked, vary by it, and never allow credentials")
    func decorates() {
        let policy = CORSPolicy(origins: ["https://a.example", "https://b.example"])
        var fields = HTTPFields()
        policy.decorate(&fields, for: self.preflight(origin: "https://b.example", .get))
        #expect(fields[.accessControlAllowOrigin] == "https://b.example")
        #expect(fields[.vary] == "origin")
        #expect(fields[.accessControlExposeHeaders]?.contains("etag") == true)
        #expect(!"\(fields)".contains("credentials"))
        for origin in ["https://c.example", nil] {
            var other = HTTPFields()
            policy.decorate(&other, for: self.preflight(origin: origin, .get))
            #expect(other[.accessControlAllowOrigin] == nil)
            #expect(other[.vary] == "origin")
        }
    }

    @Test("With * every origin may call, and answers do not vary")
    func allowsAll() throws {
        let policy = CORSPolicy(origins: ["*"])
        let fields = try #require(self.answer(policy, self.preflight(origin: "https://any.example")))
        #expect(fields[.accessControlAllowOrigin] == "*")
        #expect(fields[.vary] == nil)
    }

    @Test("Without origins nothing is said")
    func saysNothing() {
        var fields = HTTPFields()
        CORSPolicy(origins: []).decorate(&fields, for: self.preflight(origin: "https://a.example", .get))
        #expect(fields.isEmpty)
    }
}

@Suite("Request ids of clients")
struct RequestIDPolicyTests {
    private func isSane(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { RequestIDPolicy.isSane($0) }
    }

    @Test(
        "Short printable ids are kept",
        arguments: ["a", "0190c0de-0000-7000-8000-0000000000aa", "A.b_c-9", String(repeating: "x", count: 128)])
    func keeps(text: String) { #expect(self.isSane(text)) }

    @Test(
        "Others are not",
        arguments: [
            "", String(repeating: "x", count: 129), "a b", "a\"b", "a'b", "a;b", "a\nb", "a\u{1B}[31m", "é", "$(x)",
            "a/b", "<a>",
        ])
    func drops(text: String) { #expect(!self.isSane(text)) }
}

@Suite("The client's address behind a proxy")
struct ForwardedAddressTests {
    @Test(
        "It is the last one, which the proxy in front wrote; what is no address is none",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("6.6.6.6, 10.0.0.1", "10.0.0.1"), ("6.6.6.6,\t 2001:DB8::1 ", "2001:db8::1"),
            ("::ffff:10.0.0.1", "10.0.0.1"), ("unknown", nil), ("10.0.0.1, _hidden", nil), ("10.0.0.1:80", nil),
            (" ", nil),
        ] as [(String, String?)])
    func isTheLast(value: String, address: String?) {
        #expect(GatewayEdge.forwardedAddress([.xForwardedFor: value]) == address)
    }

    @Test("Fields that come twice are one list")
    func joinsFields() {
        #expect(
            GatewayEdge.forwardedAddress([.xForwardedFor: "10.0.0.1", .accept: "x", .xForwardedFor: "10.0.0.2"])
                == "10.0.0.2")
        #expect(GatewayEdge.forwardedAddress([:]) == nil)
    }
}
