import Glibc
import HTTPCore
import JSON
import Testing

/// What a person does with the console besides looking: dashboards, experiments, the API, older records, keys.
@Suite("The console's tools in a browser", .timeLimit(.minutes(6)), .serialized)
struct ConsoleToolsTests {
    @Test("Every stat, bar, table and legend of a dashboard is a number of Prometheus; a point leads to its trace")
    func dashboards() async throws {
        let visit = try await ConsoleVisit()
        let browser = visit.browser
        // All panels are in view, so that all are drawn.
        try await browser.resize(width: 1_400, height: 4_500)
        try await visit.wait(forScrapes: 12)
        for (board, kinds) in [
            ("vitrine-overview", ["stat-value", "bar", "panel-table", "legend"]), ("vitrine-load", ["legend"]),
        ] {
            // A range that is over gives the same numbers however often one asks.
            let now = Int(try await browser.run("return Date.now()").double ?? 0)
            try await visit.show("dashboard/\(board)?from=\(now - 24_000)&to=\(now - 4_000)&refresh=off")
            let isDrawn = """
                document.querySelectorAll('[data-test="panel"]').length > 8 &&
                [...document.querySelectorAll('[data-test="panel"]')].every(
                  panel => !['waiting'].includes(panel.dataset.state) && !panel.hasAttribute('aria-busy'))
                """
            #expect(try await browser.wait(isDrawn), "\(board)")
            #expect(try await browser.count("[data-test=\"panel-error\"]") == 0, "\(board)")
            for kind in kinds { #expect(try await browser.count("[data-test=\"\(kind)\"]") > 0, "\(board): \(kind)") }
            let shown = try await browser.run(
                """
                return [...document.querySelectorAll('[data-test="panel"] [data-value]')].map(node => node.dataset.value)
                """)
            let values = (shown.array ?? []).compactMap(\.string).compactMap(Double.init)
            let asked = try await browser.run(
                """
                return performance.getEntriesByType('resource').map(each => each.name)
                  .filter(name => /prometheus.api.v1.query(_range)?[?]/.test(name)).map(name => name.split('/prometheus')[1])
                """)
            var known: [Double] = []
            for target in (asked.array ?? []).compactMap(\.string) {
                let answer = try await visit.send(visit.lab.portBase + 1_090, .get, target)
                #expect(answer.status == 200, "\(target)")
                for series in answer.json["data"]?["result"]?.array ?? [] {
                    // The last that is a number: quantiles of nothing are none.
                    let values = [series["value"] ?? .null] + (series["values"]?.array ?? [])
                    let numbers = values.compactMap { $0.array?.last?.string }.compactMap(Double.init)
                    if let last = numbers.last(where: { !$0.isNaN }) { known.append(last) }
                }
            }
            #expect(values.count > 20, "\(board)")
            let strange = values.filter { value in
                !known.contains { abs($0 - value) <= 1e-9 * max(1, abs(value)) }
            }
            #expect(strange == [], "\(board) shows what Prometheus does not say")
        }

        let chart = "[data-test=\"panel\"] [data-exemplar]"
        try await visit.show("dashboard/vitrine-overview?from=now-2m")
        let hasPoint = try await browser.wait("document.querySelector('\(chart)')", seconds: 40)
        try #require(hasPoint)
        let point = try await browser.run("return document.querySelector('\(chart)').dataset.exemplar").string ?? ""
        let parts = point.split(separator: " ").map(String.init)
        try #require(parts.count == 3)
        try await browser.click(chart, x: Int(parts[0]) ?? 0, y: Int(parts[1]) ?? 0)
        #expect(try await browser.wait("/^#.trace.[0-9a-f]{32}/.test(location.hash)"))
        #expect(try await browser.wait("document.querySelector('[data-test=\"span-row\"]')"))
        #expect(try await browser.complaints() == [])
        await visit.leave()
    }

    @Test("An experiment is started and stopped by a click, and its verdict is shown")
    func experiment() async throws {
        let visit = try await ConsoleVisit()
        let browser = visit.browser
        try await visit.show("chaos")
        let start = "[data-test=\"start-experiment\"][data-experiment=\"product-slow\"]"
        #expect(try await browser.wait("document.querySelector('\(start)')?.disabled === false"))
        // Three of the eighteen need a lab of another kind.
        #expect(try await browser.count("[data-test=\"experiment\"]") == 15)
        try await browser.click(start)
        let running = "document.querySelector('[data-test=\"running\"][data-experiment=\"product-slow\"]')"
        #expect(try await browser.wait(running))
        // One at a time.
        #expect(
            try await browser.wait(
                "[...document.querySelectorAll('[data-test=\"start-experiment\"]')].every(each => each.disabled)"))
        let isBroken = try await browser.wait("document.querySelector('[data-test=\"fault-row\"]')", seconds: 90)
        #expect(isBroken, "the experiment's fault is shown")
        try await browser.click("[data-test=\"stop-experiment\"]")
        #expect(
            try await browser.wait("document.querySelector('[data-test=\"verdict\"]')?.dataset.verdict", seconds: 60))
        #expect(try await browser.text("[data-test=\"verdict\"]").contains("product-slow"))
        #expect(try await browser.wait("!document.querySelector('[data-test=\"fault-row\"]')"))
        #expect(try await browser.wait("document.querySelector('\(start)')?.disabled === false"))
        #expect(try await browser.complaints() == [])
        await visit.leave()
    }

    @Test("A call tried on the page of the API leads to its trace; a refused one says why")
    func tryOut() async throws {
        let visit = try await ConsoleVisit()
        let browser = visit.browser
        try await visit.show("api")
        #expect(try await browser.wait("document.querySelector('[data-test=\"login-demo\"]')"))
        try await browser.click("[data-test=\"login-demo\"]")
        #expect(
            try await browser.wait(
                "document.querySelector('[data-test=\"api-who\"]')?.innerText.includes('demo@vitrine.dev')"))
        let cart = "[data-test=\"operation\"][data-operation=\"addCartItem\"]"
        #expect(try await browser.wait("document.querySelector('\(cart)')"))
        try await browser.run("document.querySelector('\(cart)').open = true")
        let form = "\(cart) [data-test=\"api-request-body\"]"
        #expect(try await browser.wait("document.querySelector('\(form)')"))
        func send(_ body: String) async throws {
            try await browser.run("document.querySelector('\(form)').value = '\(body)'")
            try await browser.click("\(cart) [data-test=\"api-send\"]")
        }
        let status = "document.querySelector('\(cart) [data-test=\"api-answer\"]')?.dataset.status"
        try await send(#"{"product_id":"01900000-0000-7000-8000-00000000004b","quantity":1}"#)
        #expect(try await browser.wait("\(status) === '200' || \(status) === '201'"))
        try await send(#"{"product_id":"none","quantity":-1}"#)
        #expect(try await browser.wait("\(status) === '422' || \(status) === '400'"))
        #expect(try await browser.text("\(cart) [data-test=\"api-body\"]").contains("quantity"))
        try await browser.click("\(cart) [data-test=\"api-trace\"]")
        #expect(try await browser.wait("/^#.trace.[0-9a-f]{32}/.test(location.hash)"))
        // The trace is sent a moment after its answer.
        #expect(try await browser.wait("document.querySelector('[data-test=\"span-row\"]')"))
        #expect(try await browser.text("[data-test=\"waterfall\"]").contains("/api/v1/cart/items"))
        await visit.leave()
    }

    @Test("Older records come at the end of the list, each once")
    func olderRecords() async throws {
        let visit = try await ConsoleVisit()
        let browser = visit.browser
        let word = "walnut"
        for batch in 0..<3 {
            let records = (0..<150).map { number in
                #"{"timeUnixNano":"\#(1_767_323_045_000_000_000 + (batch * 150 + number) * 1_000_000)","severityNumber":9,"body":{"stringValue":"\#(word) \#(batch * 150 + number)"}}"#
            }.joined(separator: ",")
            let sent = try await visit.send(
                visit.lab.portBase + 8, .post, "/v1/logs",
                json: #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[\#(records)]}]}]}"#)
            #expect(sent.status == 200)
        }
        try await visit.show("logs?q=\(word)")
        let rows = "document.querySelectorAll('[data-test=\"log-row\"]').length"
        #expect(try await browser.wait("\(rows) === 200"))
        try await browser.click("[data-test=\"older\"]")
        #expect(try await browser.wait("\(rows) === 400"))
        try await browser.click("[data-test=\"older\"]")
        #expect(try await browser.wait("\(rows) === 450"))
        let texts = try await browser.run(
            """
            return [...document.querySelectorAll('[data-test="log-row"] .log-text')]
              .map(row => Number(/\(word) (\\d+)/.exec(row.textContent)?.[1]))
            """)
        #expect((texts.array ?? []).compactMap(\.int) == Array((0..<450).reversed()))
        await visit.leave()
    }

    @Test("Every page fits a narrow screen, is dark where the system is, and is reached by keys")
    func screens() async throws {
        let visit = try await ConsoleVisit()
        let browser = visit.browser
        let pages = [
            ("", "overview"), ("traces", "traces"), ("logs", "logs"), ("dashboards", "dashboards"),
            ("dashboard/vitrine-overview", ""), ("alerts", "alerts"), ("chaos", "chaos"), ("api", "api"),
        ]
        try await browser.resize(width: 500, height: 800)
        let brightness = """
            (() => { const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/[0-9.]+/g).map(Number);
            return (r + g + b) / 3; })()
            """
        for colours in ["light", "dark"] {
            try await browser.prefer(colours: colours)
            for (route, _) in pages {
                try await visit.show(route)
                #expect(try await browser.wait("document.querySelector('main').innerText.length > 40"), "\(route)")
                let excess = try await browser.run(
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                #expect(excess.int == 0, "\(route) is wider than the screen by \(excess) pixels")
                let value = try await browser.run("return \(brightness)").double ?? -1
                #expect(colours == "dark" ? value < 60 : value > 200, "\(route) in \(colours): \(value)")
            }
        }
        try await browser.prefer(colours: "light")
        try await browser.resize(width: 1_400, height: 900)
        try await visit.show("")
        #expect(try await browser.wait("document.querySelector('[data-test=\"service-row\"]')"))
        for (key, hash) in [("t", "#/traces"), ("l", "#/logs"), ("d", "#/dashboards"), ("a", "#/alerts")] {
            try await browser.press("g\(key)")
            #expect(try await browser.wait("location.hash.startsWith('\(hash)')", seconds: 5), "g \(key)")
        }
        // From a list of traces to one, with keys alone.
        try await browser.press("gt")
        #expect(try await browser.wait("document.querySelector('[data-test=\"trace-row\"]')"))
        let (tab, enter) = ("\u{E004}", "\u{E007}")
        for _ in 0..<60 {
            try await browser.press(tab)
            if try await browser.run("return Boolean(document.activeElement.closest('[data-test=\"trace-row\"]'))").bool
                == true
            {
                break
            }
        }
        try await browser.press(enter)
        #expect(try await browser.wait("/^#.trace.[0-9a-f]{32}/.test(location.hash)"))
        // What can be done has a name for those who cannot see it.
        for (route, _) in pages {
            try await visit.show(route)
            #expect(try await browser.wait("document.querySelector('main').innerText.length > 40"), "\(route)")
            let nameless = try await browser.run(
                """
                return [...document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=img]')]
                  .filter(node => node.checkVisibility() && !node.closest('[aria-hidden=true]') && !(node.textContent?.trim() || node.ariaLabel || node.title
                    || node.getAttribute('aria-labelledby') || node.labels?.length || node.type === 'hidden'))
                  .map(node => node.outerHTML.slice(0, 120))
                """)
            #expect((nameless.array ?? []).compactMap(\.string) == [], "\(route)")
        }
        #expect(try await browser.complaints() == [])
        await visit.leave()
    }
}
