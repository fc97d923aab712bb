import Glibc
import HTTPCore
import JSON
import Testing

/// The console's page in a real browser, over a whole lab with Prometheus.
@Suite("The console in a browser", .timeLimit(.minutes(6)), .serialized)
struct ConsolePageTests {
    @Test(
        "A shopping journey is made, and its trace found, opened and read span by span; a panel shows Prometheus' number"
    )
    func journey() async throws {
        let visit = try await ConsoleVisit()
        let (lab, browser) = (visit.lab, visit.browser)
        let login = try await visit.send(
            lab.portBase, .post, "/api/v1/auth/login",
            json: #"{"email":"demo@vitrine.dev","password":"demo-password"}"#)
        let token: HTTPFields = [.authorization: "Bearer \(login.json["access_token"]?.string ?? "")"]
        // One of the seeded products that there are enough of.
        let product = "01900000-0000-7000-8000-00000000004b"
        let items = #"{"payment_method":"credit_card","items":[{"product_id":"\#(product)","quantity":1}]}"#
        let order = try await visit.send(lab.portBase, .post, "/api/v1/orders", token, json: items)
        #expect(order.status == 201)
        let trace = try #require(order.fields[.traceparent]?.split(separator: "-")[1]).description
        #expect(order.fields[.link] == "<\(visit.page)/#/trace/\(trace)>; rel=\"describedby\"; title=\"trace\"")

        // It is sent within a second or so.
        let target = "/console/v1/traces/\(trace)"
        var spans = 0
        for _ in 0..<100 where spans < 15 {
            let answer = try await visit.send(lab.portBase + 5, .get, target)
            spans = answer.json["spans"]?.array?.count ?? 0
            if spans < 15 { Glibc.poll(nil, 0, 100) }
        }
        #expect(spans >= 15)
        // Found in the list, and opened from it.
        try await visit.show("traces?operation=POST%20%2Fapi%2Fv1%2Forders")
        let row = "[data-test=\"trace-row\"][data-trace-id=\"\(trace)\"]"
        let isFound = try await browser.wait("document.querySelector('\(row)')")
        try #require(isFound)
        try await browser.run("document.querySelector('\(row) a, \(row)').click()")
        #expect(try await browser.wait("location.hash.startsWith('#/trace/\(trace)')"))
        #expect(try await browser.wait("document.querySelectorAll('[data-test=\"span-row\"]').length > 10"))
        let waterfall = try await browser.text("[data-test=\"waterfall\"]")
        for words in ["gateway", "order", "product", "ReserveStock", "charge payment", "INSERT orders"] {
            #expect(waterfall.contains(words), "\(words)")
        }
        // Span by span, as they are in view.
        let ids = try await browser.run(
            "return [...document.querySelectorAll('[data-test=\"span-row\"]')].map(row => row.dataset.spanId)")
        for id in (ids.array ?? []).compactMap(\.string).prefix(8) {
            try await visit.show("trace/\(trace)?span=\(id)")
            #expect(
                try await browser.wait("document.querySelector('[data-test=\"span-detail\"][data-span-id=\"\(id)\"]')"))
        }

        // The same number as Prometheus says.
        try await visit.show("dashboard/vitrine-overview")
        let services = "[data-test=\"panel\"] [data-test=\"stat-value\"]"
        #expect(try await browser.wait("document.querySelector('\(services)')?.dataset.value === '5'"))
        let asked = try await visit.send(
            lab.portBase + 1090, .get, "/api/v1/query?query=sum(up%7Bjob%3D%22vitrine%22%7D)")
        #expect(asked.json["data"]?["result"]?.array?.first?["value"]?.array?.last?.string == "5")
        try await visit.show("alerts")
        #expect(try await browser.wait("document.querySelectorAll('[data-test=\"rule-row\"]').length > 60"))
        #expect(try await browser.complaints() == [])
        await visit.leave()
    }

    @Test("A fault that is switched on turns the map red and opens a breaker; switched off, all recovers")
    func fault() async throws {
        let visit = try await ConsoleVisit()
        let (lab, browser) = (visit.lab, visit.browser)
        try await visit.show("")
        let edge = "[data-test=\"map-edge\"][data-edge=\"gateway→product\"]"
        #expect(try await browser.wait("document.querySelector('\(edge)')"))
        try await visit.show("chaos")
        #expect(
            try await browser.wait(
                "document.querySelector('[data-test=\"breaker-row\"][data-breaker=\"gateway/product\"][data-state=\"closed\"]')"
            ))
        try await browser.run(
            """
            const preset = [...document.querySelectorAll('[data-test="fault-preset"]')]
              .find(button => button.textContent.startsWith('Products fail'));
            preset.click();
            document.querySelector('[data-test="fault-percentage"]').value = 100;
            """)
        try await browser.click("[data-test=\"fault-set\"]")
        #expect(try await browser.wait("document.querySelector('[data-test=\"fault-row\"]')"))
        func shop(_ count: Int) async throws {
            for number in 0..<count {
                _ = try await visit.send(lab.portBase, .get, "/api/v1/products?limit=\(1 + number % 50)")
            }
        }
        try await shop(40)
        #expect(
            try await browser.wait(
                "document.querySelector('[data-test=\"breaker-row\"][data-breaker=\"gateway/product\"][data-state=\"open\"]')"
            ))
        try await visit.show("")
        let isRed = try await browser.wait("document.querySelector('\(edge)')?.classList.contains('is-failing')")
        #expect(isRed)
        #expect(try await browser.wait("document.querySelector('\(edge)')?.dataset.breaker?.includes('open')"))
        #expect(try await browser.count("[data-test=\"problem-item\"]") > 0)

        try await visit.show("chaos")
        #expect(try await browser.wait("!document.querySelector('[data-test=\"clear-faults\"]')?.disabled"))
        try await browser.click("[data-test=\"clear-faults\"]")
        #expect(try await browser.wait("!document.querySelector('[data-test=\"fault-row\"]')"))
        let closed =
            "document.querySelector('[data-test=\"breaker-row\"][data-breaker=\"gateway/product\"][data-state=\"closed\"]')"
        let deadline = ContinuousClock.now.advanced(by: .seconds(40))
        var isClosed = false
        while !isClosed, .now < deadline {
            try await shop(3)
            isClosed = try await browser.wait(closed, seconds: 1)
        }
        #expect(isClosed)
        #expect(try await browser.complaints() == [])
        await visit.leave()
    }

    @Test("Telemetry with markup in it is text, on every page that shows it")
    func hostile() async throws {
        let visit = try await ConsoleVisit()
        let (lab, browser) = (visit.lab, visit.browser)
        let markup = #"<img src=x onerror=window.wasRun=1><script>window.wasRun=1</script>"#
        let id = "0af7651916cd43dd8448eb211c80319c"
        let attribute = #"[{"key":"\#(markup)","value":{"stringValue":"\#(markup)"}}]"#
        let resource = #"{"attributes":[{"key":"service.name","value":{"stringValue":"\#(markup)"}}]}"#
        let receiver = lab.portBase + 8
        let span = """
            {"traceId":"\(id)","spanId":"b7ad6b7169203331","name":"\(markup)","kind":2,
            "startTimeUnixNano":"1767323045000000000","endTimeUnixNano":"1767323046000000000",
            "attributes":\(attribute),"status":{"code":2,"message":"\(markup)"},
            "events":[{"name":"\(markup)","attributes":\(attribute)}]}
            """
        let sent = try await visit.send(
            receiver, .post, "/v1/traces",
            json: #"{"resourceSpans":[{"resource":\#(resource),"scopeSpans":[{"spans":[\#(span)]}]}]}"#)
        #expect(sent.status == 200)
        let log =
            #"{"severityNumber":17,"traceId":"\#(id)","body":{"stringValue":"\#(markup)"},"attributes":\#(attribute)}"#
        _ = try await visit.send(
            receiver, .post, "/v1/logs",
            json: #"{"resourceLogs":[{"resource":\#(resource),"scopeLogs":[{"logRecords":[\#(log)]}]}]}"#)
        for (route, sign) in [
            ("trace/\(id)?span=b7ad6b7169203331", "[data-test=\"span-detail\"]"),
            ("traces?status=error", "[data-trace-id=\"\(id)\"]"),
            ("logs?trace_id=\(id)", "[data-test=\"log-row\"]"), ("", "[data-test=\"service-row\"]"),
        ] {
            try await visit.show(route)
            #expect(try await browser.wait("document.querySelector('\(sign)')"), "\(route)")
            #expect(try await browser.run("return document.querySelectorAll('main img, main script').length").int == 0)
            #expect(try await browser.run("return window.wasRun ?? null").isNull, "\(route)")
        }
        #expect(try await browser.wait("document.querySelector('main').innerText.includes('gateway')"))
        try await visit.show("trace/\(id)?span=b7ad6b7169203331")
        #expect(
            try await browser.wait(
                "document.querySelector('[data-test=\"span-detail\"]')?.innerText.includes('<img src=x')"))
        await visit.leave()
    }
}
