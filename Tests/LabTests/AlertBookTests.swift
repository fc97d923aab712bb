import Testing

@testable import Lab

@Suite("The book of alerts")
struct AlertBookTests {
    /// The shape and the fields of Alertmanager's documentation of `<webhook_config>`, filled in.
    private static let documented = """
        {
          "version": "4",
          "groupKey": "{}:{alertname=\\"CircuitBreakerOpen\\"}",
          "truncatedAlerts": 0,
          "status": "firing",
          "receiver": "lab",
          "groupLabels": {"alertname": "CircuitBreakerOpen"},
          "commonLabels": {"alertname": "CircuitBreakerOpen", "severity": "page"},
          "commonAnnotations": {},
          "externalURL": "http://127.0.0.1:9093",
          "alerts": [
            {
              "status": "firing",
              "labels": {"alertname": "CircuitBreakerOpen", "severity": "page", "service": "gateway"},
              "annotations": {"summary": "gateway refuses calls of product", "description": "for 20 s"},
              "startsAt": "2026-11-25T10:00:00.123Z",
              "endsAt": "0001-01-01T00:00:00Z",
              "generatorURL": "http://127.0.0.1:9090/graph?g0.expr=1",
              "fingerprint": "2f1a5d8e9b3c4d5e"
            },
            {
              "status": "resolved",
              "labels": {"alertname": "CircuitBreakerOpen", "severity": "page", "service": "order"},
              "annotations": {},
              "startsAt": "2026-11-25T09:00:00Z",
              "endsAt": "2026-11-25T09:59:00Z",
              "generatorURL": "",
              "fingerprint": "0000000000000001"
            }
          ]
        }
        """

    private static func notification(_ text: String) throws -> AlertNotification {
        try AlertNotification(parsing: Array(text.utf8))
    }

    /// A notification of alerts that differ by their fingerprints.
    private static func notification(_ status: String, _ fingerprints: [String]) throws -> AlertNotification {
        let alerts = fingerprints.map {
            #"{"status":"\#(status)","fingerprint":"\#($0)","labels":{"alertname":"A"},"annotations":{"summary":"\#(status)"}}"#
        }
        return try self.notification(#"{"version":"4","alerts":[\#(alerts.joined(separator: ","))]}"#)
    }

    @Test("A notification as Alertmanager documents it is read whole")
    func documented() throws {
        let entries = try Self.notification(Self.documented).entries
        #expect(entries.map(\.status) == [.firing, .resolved])
        let alert = entries[0].alert
        #expect(alert.fingerprint == "2f1a5d8e9b3c4d5e")
        #expect(alert.labels == ["alertname": "CircuitBreakerOpen", "severity": "page", "service": "gateway"])
        #expect(alert.annotations == ["summary": "gateway refuses calls of product", "description": "for 20 s"])
        #expect(alert.startsAt == "2026-11-25T10:00:00.123Z")
        #expect(!alert.isWatchdog)
    }

    @Test("An alert begins once, however often it is told, and ends once")
    func changes() throws {
        var book = AlertBook()
        #expect(try book.take(Self.notification("firing", ["a", "b"]), at: 1).map(\.alert.fingerprint) == ["a", "b"])
        #expect(try book.take(Self.notification("firing", ["a", "c"]), at: 2).map(\.alert.fingerprint) == ["c"])
        #expect(try book.take(Self.notification("resolved", ["a"]), at: 3).map(\.status) == [.resolved])
        #expect(try book.take(Self.notification("resolved", ["a", "unknown"]), at: 4).isEmpty)
        #expect(book.firing.map(\.fingerprint) == ["b", "c"])
        #expect(book.changes.map(\.at) == [1, 1, 2, 3])
        #expect(book.count(of: .firing) == 3)
        #expect(book.count(of: .resolved) == 1)
        #expect(book.count(of: .refused) == 0)
        // What has ended can begin again.
        #expect(try book.take(Self.notification("firing", ["a"]), at: 5).count == 1)
    }

    @Test("An alert that goes on keeps its place, with what is said of it last")
    func annotations() throws {
        var book = AlertBook()
        _ = book.take(try Self.notification(Self.documented), at: 1)
        let later = Self.documented.replacing("for 20 s", with: "for 40 s")
        #expect(book.take(try Self.notification(later), at: 2).isEmpty)
        #expect(book.firing.map { $0.annotations["description"] } == ["for 40 s"])
    }

    @Test("Alerts beyond the bound are refused and counted, and the oldest changes are let go")
    func bounds() throws {
        var book = AlertBook()
        let most = AlertBook.firingMax
        _ = book.take(try Self.notification("firing", (0..<most).map { "f\($0)" }), at: 1)
        #expect(book.take(try Self.notification("firing", ["one too many", "f0"]), at: 2).isEmpty)
        #expect(book.firing.count == most)
        #expect(book.count(of: .refused) == 1)
        #expect(book.changes.count == AlertBook.changesMax)
        #expect(book.changes.last?.alert.fingerprint == "f\(most - 1)")
        _ = book.take(try Self.notification("resolved", ["f3"]), at: 3)
        #expect(book.changes.count == AlertBook.changesMax)
        #expect(book.take(try Self.notification("firing", ["one too many"]), at: 4).count == 1)
    }

    @Test(
        "What is no notification is refused",
        arguments: [
            "", "[]", "null", "{}", #"{"version":"4"}"#, #"{"version":4,"alerts":[]}"#,
            #"{"version":"3","alerts":[]}"#, #"{"version":"4","alerts":{}}"#, #"{"version":"4","alerts":[1]}"#,
            #"{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"A"}}]}"#,
            #"{"version":"4","alerts":[{"status":"firing","fingerprint":"","labels":{"alertname":"A"}}]}"#,
            #"{"version":"4","alerts":[{"status":"burning","fingerprint":"f","labels":{"alertname":"A"}}]}"#,
            #"{"version":"4","alerts":[{"status":"firing","fingerprint":"f","labels":{}}]}"#,
            #"{"version":"4","alerts":[{"status":"firing","fingerprint":"f","labels":["A"]}]}"#,
            #"{"version":"4","alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":1}}]}"#,
            #"{"version":"4","alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":"A"},"annotations":1}]}"#,
            #"{"version":"4","version":"4","alerts":[]}"#,
        ])
    func refused(text: String) {
        #expect(throws: AlertNotification.Refusal.self) { try Self.notification(text) }
    }

    @Test("Cut off anywhere, it is refused and not half taken")
    func cutOff() {
        let bytes = Array(Self.documented.utf8)
        for end in bytes.indices {
            #expect(throws: AlertNotification.Refusal.self) { try AlertNotification(parsing: Array(bytes[..<end])) }
        }
    }

    @Test("Too many alerts, too many labels and names that are too long are refused; long values are cut")
    func sizes() throws {
        let many = Array(repeating: "f", count: AlertNotification.alertsMax + 1)
        #expect(throws: AlertNotification.Refusal.self) { try Self.notification("firing", many) }
        func labelled(_ labels: String) throws -> Alert {
            try Self.notification(
                #"{"version":"4","alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":"A"\#(labels)}}]}"#
            ).entries[0].alert
        }
        let labels = (1..<AlertNotification.pairsMax).map { #","l\#($0)":"v""# }.joined()
        #expect(try labelled(labels).labels.count == AlertNotification.pairsMax)
        #expect(throws: AlertNotification.Refusal.self) { try labelled(labels + #","more":"v""#) }
        let name = String(repeating: "n", count: AlertNotification.nameBytesMax + 1)
        #expect(throws: AlertNotification.Refusal.self) { try labelled(#","\#(name)":"v""#) }
        let long = try labelled(#","l":"\#(String(repeating: "v", count: 5_000))""#)
        #expect(long.labels["l"]?.utf8.count == AlertNotification.valueBytesMax)
    }

    // MARK: Lines

    private static func line(name: String = "Name", severity: String = "page", summary: String) throws -> String {
        let alert = Alert(
            fingerprint: "f", labels: ["alertname": name, "severity": severity], annotations: ["summary": summary],
            startsAt: "")
        return AlertBook.Change(status: .firing, alert: alert, at: 0).line
    }

    @Test("Beginning and end are a line each")
    func lines() throws {
        var book = AlertBook()
        let begun = book.take(try Self.notification(Self.documented), at: 1)
        #expect(begun.map(\.line) == ["ALERT firing   CircuitBreakerOpen (page) gateway refuses calls of product"])
        let ended = book.take(
            try Self.notification(Self.documented.replacing(#""status": "firing""#, with: #""status": "resolved""#)),
            at: 2)
        #expect(ended.map(\.line) == ["ALERT resolved CircuitBreakerOpen (page) gateway refuses calls of product"])
        #expect(try Self.line(severity: "", summary: "") == "ALERT firing   Name")
    }

    @Test("A line cannot move the cursor, turn the writing round, or be longer than a terminal is wide")
    func hostileLines() throws {
        let hostile = "a\u{1B}[2J\r\n\u{7}\u{9B}b\u{202E}c\u{2028}d\u{200B}e"
        #expect(try Self.line(summary: hostile) == "ALERT firing   Name (page) a[2Jbcde")
        #expect(try Self.line(summary: String(repeating: "x", count: 500)).count == AlertBook.Change.columnsMax)
        // Two columns each.
        #expect(try Self.line(summary: String(repeating: "漢", count: 500)).count <= 27 + 87)
        // Accents without end upon one letter are as many scalars.
        let accents = try Self.line(summary: "x" + String(repeating: "\u{301}", count: 5_000))
        #expect(accents.unicodeScalars.count == AlertBook.Change.columnsMax)
    }
}
