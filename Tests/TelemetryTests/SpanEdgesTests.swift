import Telemetry
import TelemetryTesting
import Testing

@Suite("Declared edges and the matrix of signals")
struct SpanEdgesTests {
    private let edges = SpanEdges(
        outline: """
            - a: {route} (server)
              a: {route} (client)
                b: {route} (server)
              a: GET /keys (client)
            b: GET /x (server)
              b: work
                b: SELECT x (client)
            - b: work
            """)

    private func end(_ service: String, _ name: String, _ kind: Int) -> SpanEnd {
        SpanEnd(service: service, name: name, kind: [.internal, .server, .client][kind])
    }

    @Test("An outline is read into edges and roots")
    func outline() {
        #expect(
            self.edges.all.map(\.description).sorted() == [
                "(none) → a: {route} (server)", "(none) → b: work", "a: {route} (client) → b: {route} (server)",
                "a: {route} (server) → a: GET /keys (client)", "a: {route} (server) → a: {route} (client)",
                "b: GET /x (server) → b: work", "b: work → b: SELECT x (client)",
            ])
        #expect(self.edges.parents(ofSpanNamed: "work", kind: .internal) == ["b: GET /x (server)", "none"])
    }

    @Test("A route stands for any name, on both ends for the same one")
    func route() {
        let (server, client) = (self.end("a", "GET /x", 1), self.end("a", "GET /x", 2))
        #expect(self.edges.declared(SpanEdge(nil, server)) != nil)
        #expect(self.edges.declared(SpanEdge(server, client)) != nil)
        #expect(self.edges.declared(SpanEdge(client, self.end("b", "GET /x", 1))) != nil)
        #expect(self.edges.declared(SpanEdge(server, self.end("a", "GET /keys", 2))) != nil)
        #expect(self.edges.declared(SpanEdge(server, self.end("a", "GET /y", 2))) == nil)
        #expect(self.edges.declared(SpanEdge(nil, client)) == nil)
        #expect(self.edges.declared(SpanEdge(nil, self.end("b", "SELECT x", 2))) == nil)
    }

    @Test("A matrix tells who emits a signal, and which row a metric is in: that of its longest namespace")
    func matrix() {
        let matrix = SignalMatrix(
            table: """
                | Signal | a | b |
                |---|---|---|
                | log lines | ● | |
                | metrics: `shop.*` | | ● |
                | metrics: `shop.db.*` | ● | ● |
                """)
        #expect(matrix.services == ["a", "b"])
        #expect(matrix.services(emitting: "log lines") == ["a"])
        #expect(matrix.services(emitting: "metrics: shop.db.*") == ["a", "b"])
        #expect(matrix.row(ofMetric: "shop.db.commits") == "metrics: shop.db.*")
        #expect(matrix.row(ofMetric: "shop.dbx") == "metrics: shop.*")
        #expect(matrix.row(ofMetric: "http.x") == nil)
    }
}
