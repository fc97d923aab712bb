import HTTPCore
import Telemetry
import Testing

@testable import Console

@Suite("Alertmanager's notifications")
struct AlertRecordsTests {
    private func send(_ body: String, _ type: String = "application/json") async -> (status: Int, logs: [ReceivedLog]) {
        let sink = RecordingSink()
        let receiver = OTLPReceiver(sink: sink, telemetry: .disabled())
        let request = HTTPRequest(
            .post, "/alerts", fields: [.contentType: type], body: .bytes(Array(body.utf8)))
        return (await receiver.respond(to: request).status.code, sink.logs)
    }

    @Test("Each alert is a log record, graver for a page than for a ticket, and none for one that is over")
    func taken() async {
        let answer = await self.send(
            """
            {"version":"4","alerts":[
            {"status":"firing","labels":{"alertname":"ServiceDown","severity":"page","service":"cart"},
            "annotations":{"summary":"cart is down"}},
            {"status":"resolved","labels":{"alertname":"LoadShedding","severity":"ticket"},"annotations":{}}]}
            """)
        #expect(answer.status == 204)
        #expect(answer.logs.map(\.body) == [.string("cart is down"), .string("over: LoadShedding")])
        #expect(answer.logs.map(\.severity) == [17, 9])
        #expect(answer.logs.map(\.eventName) == ["alert.firing", "alert.resolved"])
        #expect(answer.logs.first?.resource.service == "alertmanager")
        #expect(answer.logs.first?.attributes["alert.service"] == .string("cart"))
    }

    @Test("What is none is refused", arguments: ["{}", "nonsense", "[]", #"{"alerts":5}"#])
    func refused(_ body: String) async {
        let answer = await self.send(body)
        #expect(answer.status == 400)
        #expect(answer.logs == [])
        #expect(await self.send(#"{"alerts":[]}"#, "text/plain").status == 415)
    }
}
