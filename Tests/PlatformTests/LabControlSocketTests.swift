import Chaos
import HTTPCore
import JSON
import Lab
import TelemetryTesting
import Testing

@testable import vitrine

/// The control of a lab as others meet it: over a socket, with what friends and strangers send.
@Suite("The control listener of the lab", .timeLimit(.minutes(1)))
struct LabControlSocketTests {
    private static func alerts(_ status: String, name: String = "CartDown", summary: String = "cart is gone") -> String
    {
        #"{"version":"4","alerts":[{"status":"\#(status)","fingerprint":"f-\#(name)","labels":{"alertname":"\#(name)","#
            + #""severity":"page"},"annotations":{"summary":"\#(summary)"},"startsAt":"2026-11-25T10:00:00Z"}]}"#
    }

    @Test("Metrics, health and alerts need no token; whatever changes the lab does")
    func token() async throws {
        let control = try LabControlFixture()
        for path in ["/metrics", "/health/live", "/health/ready", "/alerts", "/experiments"] {
            #expect(try await control.call(.get, path, token: nil).status == 200, "\(path)")
        }
        for token in [nil, "a guess"] {
            #expect(try await control.call(.get, "/processes", token: token).status == 403)
            #expect(try await control.call(.post, "/processes/product/kill", token: token).status == 403)
            #expect(try await control.call(.post, "/experiments/e", #"{"seconds":9}"#, token: token).status == 403)
            #expect(
                try await control.call(.delete, "/experiments/e", #"{"verdict":"passed"}"#, token: token).status == 403)
        }
        #expect(try await control.json("/experiments")["experiments"]?.array?.isEmpty == true)
        #expect(control.processes.entries.allSatisfy { $0.requests.isEmpty })
        #expect(try await control.call(.get, "/processes").status == 200)
        #expect(try await control.call(.get, "/elsewhere").status == 404)
        await control.stop()
    }

    @Test("An alert is told once when it begins and once when it ends, and stays on record; the watchdog is not told")
    func alerts() async throws {
        let control = try LabControlFixture()
        for _ in 0..<3 {
            #expect(try await control.call(.post, "/alerts", Self.alerts("firing"), token: nil).status == 204)
        }
        _ = try await control.call(.post, "/alerts", Self.alerts("firing", name: Alert.watchdog), token: nil)
        var book = try await control.json("/alerts")
        #expect(book["firing"]?.array?.compactMap { $0["alertname"]?.string } == ["CartDown", "Watchdog"])
        #expect(book["firing"]?.array?.first?["labels"]?["severity"]?.string == "page")
        _ = try await control.call(.post, "/alerts", Self.alerts("resolved"), token: nil)
        book = try await control.json("/alerts")
        #expect(book["firing"]?.array?.count == 1)
        #expect(book["changes"]?.array?.compactMap { $0["status"]?.string } == ["firing", "firing", "resolved"])
        #expect(
            control.printed == [
                "ALERT firing   CartDown (page) cart is gone", "ALERT resolved CartDown (page) cart is gone",
            ])
        let metrics = try await control.scrape()
        #expect(metrics.value("shop_lab_alerts_total", ["status": "firing"]) == 2)
        #expect(metrics.value("shop_lab_alerts_total", ["status": "resolved"]) == 1)
        #expect(metrics.value("shop_lab_alerts_total", ["status": "refused"]) == 0)
        await control.stop()
    }

    @Test("What is hostile is refused, counted, and changes nothing")
    func hostileAlerts() async throws {
        let control = try LabControlFixture()
        let deep = String(repeating: "[", count: 10_000)
        for body in ["", "{", "null", deep, #"{"version":"4","alerts":[{}]}"#, "\u{0}", Self.alerts("burning")] {
            #expect(try await control.call(.post, "/alerts", body, token: nil).status == 400, "\(body.prefix(40))")
        }
        #expect(try await control.scrape().value("shop_lab_alerts_total", ["status": "refused"]) == 7)
        let large = Self.alerts("firing", summary: String(repeating: "x", count: AlertNotification.bytesMax))
        #expect(try await control.call(.post, "/alerts", large, token: nil).status == 413)
        // A page in a browser can send these two unasked.
        for type in ["text/plain", nil] {
            #expect(
                try await control.call(.post, "/alerts", Self.alerts("firing"), token: nil, type: type).status == 415)
        }
        let book = try await control.json("/alerts")
        #expect(book["firing"]?.array?.isEmpty == true)
        #expect(book["changes"]?.array?.isEmpty == true)
        #expect(control.printed.isEmpty)
        await control.stop()
    }

    @Test("Experiments are announced by the driver of chaos, and seen while they run and afterwards")
    func experiments() async throws {
        let control = try LabControlFixture()
        let driver = try control.driver()
        try await driver.began("product-killed", seconds: 90)
        var metrics = try await control.scrape()
        #expect(metrics.value("chaos_experiment_active", ["experiment": "product-killed"]) == 1)
        #expect(metrics.value("chaos_experiments_total", ["experiment": "product-killed", "verdict": "failed"]) == 0)
        try await driver.ended("product-killed", .failed)
        try await driver.began("cart-paused", seconds: 90)
        try await driver.ended("cart-paused", .interrupted)
        metrics = try await control.scrape()
        #expect(metrics.value("chaos_experiment_active", ["experiment": "product-killed"]) == 0)
        #expect(metrics.value("chaos_experiments_total", ["experiment": "product-killed", "verdict": "failed"]) == 1)
        #expect(metrics.value("chaos_experiments_total", ["experiment": "cart-paused", "verdict": "aborted"]) == 1)
        // It is over: nothing to end.
        await #expect(throws: CannotRun.self) { try await driver.ended("cart-paused", .passed) }
        await control.stop()
    }

    @Test("Experiments without a name, a time or a verdict that make sense are refused")
    func hostileExperiments() async throws {
        let control = try LabControlFixture()
        let long = String(repeating: "a", count: 65)
        for name in ["Upper", "a_b", "a%20b", "a%0Ab", "%C3%A4", long] {
            #expect(try await control.call(.post, "/experiments/\(name)", #"{"seconds":9}"#).status == 422, "\(name)")
        }
        for (body, status) in [
            ("", 400), ("{", 400), ("[]", 422), ("{}", 422), (#"{"seconds":0}"#, 422), (#"{"seconds":-1}"#, 422),
            (#"{"seconds":3601}"#, 422), (#"{"seconds":"9"}"#, 422), (#"{"seconds":1e999}"#, 422),
        ] {
            #expect(try await control.call(.post, "/experiments/e", body).status == status, "\(body)")
        }
        #expect(try await control.call(.delete, "/experiments/e", #"{"verdict":"passed"}"#).status == 404)
        for number in 0..<ExperimentBook.activeMax {
            #expect(try await control.call(.post, "/experiments/e\(number)", #"{"seconds":9}"#).status == 200)
        }
        #expect(try await control.call(.post, "/experiments/one-more", #"{"seconds":9}"#).status == 409)
        for body in ["{}", #"{"verdict":"great"}"#] {
            #expect(try await control.call(.delete, "/experiments/e0", body).status == 422, "\(body)")
        }
        let active = try await control.json("/experiments")["experiments"]?.array ?? []
        #expect(active.count { $0["active"]?.bool == true } == ExperimentBook.activeMax)
        await control.stop()
    }

    @Test("Requests to processes are carried out and counted; states are one series each")
    func processes() async throws {
        let control = try LabControlFixture()
        #expect(try await control.call(.post, "/processes/prometheus/pause", #"{"seconds":5}"#).status == 200)
        #expect(try await control.call(.post, "/processes/prometheus/restart").status == 409)
        #expect(try await control.call(.post, "/processes/product/fly").status == 404)
        #expect(try await control.call(.post, "/processes/nobody/kill").status == 404)
        #expect(try await control.call(.post, "/processes/product/hold", #"{"seconds":601}"#).status == 422)
        #expect(try await control.call(.post, "/processes/product/hold", "{").status == 400)
        let metrics = try await control.scrape()
        func state(_ process: String, _ state: String) -> Double? {
            metrics.value("shop_lab_process_state", ["process": process, "state": state])
        }
        #expect(state("prometheus", "paused") == 1)
        #expect(state("prometheus", "running") == 0)
        #expect(state("product", "running") == 1)
        #expect(metrics.value("shop_lab_requests_total", ["process": "prometheus", "request": "pause"]) == 1)
        #expect(metrics.value("shop_lab_requests_total", ["process": "prometheus", "request": "restart"]) == 0)
        #expect(metrics.value("shop_lab_process_starts_total", ["process": "product"]) == 1)
        #expect(metrics.series("target_info").first?.labels["service_name"] == "lab")
        await control.stop()
    }
}
