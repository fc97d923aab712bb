import SQLite
import Telemetry
import TelemetryTesting
import Testing

@testable import Persistence

@Suite("What a database records")
struct DatabaseTelemetryTests {
    let folder = TemporaryFolder()
    let test = TestTelemetry()

    private struct OutOfStock: Error {}

    private static let duration = "db_client_operation_duration_seconds_count"

    private func open(loops: Int = 0, options: DatabaseOptions = DatabaseOptions()) throws -> Database {
        try Ledger.open(self.folder, telemetry: self.test.telemetry, loops: loops, options: options)
    }

    private func labels(_ operation: String, _ collection: String, error: String = "") -> [String: String] {
        var labels = [
            "db_system_name": "sqlite", "db_namespace": "ledger", "db_operation_name": operation,
            "db_collection_name": collection,
        ]
        // A label without a value is none (Prometheus data model).
        if !error.isEmpty { labels["error_type"] = error }
        return labels
    }

    @Test("Each operation is a client span below the current one, named and described by the conventions")
    func spans() async throws {
        let database = try self.open()
        try await self.test.tracer.withSpan("request") { _ in
            try await database.insert("a")
            _ = try await database.notes()
            _ = try database.readOnLoop(Ledger.select) { try $0.first("SELECT 1") { $0.int(0) } }
        }
        await database.close()
        let trees = self.test.spanTrees
        #expect(trees.count == 1)
        #expect(trees[0].span.name == "request")
        #expect(trees[0].children.map(\.span.name).sorted() == ["INSERT entries", "SELECT entries", "SELECT entries"])
        #expect(trees[0].isConsistent)
        let span = try #require(self.test.span(named: "INSERT entries"))
        #expect(span.kind == .client)
        #expect(span.status == .unset)
        #expect(span["db.system.name"] == .string("sqlite"))
        #expect(span["db.namespace"] == .string("ledger"))
        #expect(span["db.operation.name"] == .string("INSERT"))
        #expect(span["db.collection.name"] == .string("entries"))
        #expect(span["error.type"] == nil)
    }

    @Test("Every operation counts once in the duration histogram")
    func histogram() async throws {
        let database = try self.open()
        for note in ["a", "b", "c"] { try await database.insert(note) }
        _ = try await database.notes()
        await database.close()
        let samples = try self.test.samples()
        #expect(samples.value(Self.duration, self.labels("INSERT", "entries")) == 3)
        #expect(samples.value(Self.duration, self.labels("SELECT", "entries")) == 1)
    }

    @Test("A failure carries its type and SQLite's code in span and metric, and never a bound value")
    func failure() async throws {
        let database = try self.open()
        try await database.insert("secret")
        _ = await #expect(throws: SQLiteError.self) { try await database.insert("secret") }
        await database.close()
        let span = try #require(self.test.finishedSpans.first { $0["error.type"] != nil })
        #expect(span["error.type"] == .string("constraint_unique"))
        #expect(span["db.response.status_code"] == .string("2067"))
        guard case .error(let text) = span.status else {
            Issue.record("status \(span.status)")
            return
        }
        #expect(!text.contains("secret"))
        let failed = self.labels("INSERT", "entries", error: "constraint_unique")
        #expect(try self.test.value(Self.duration, failed) == 1)
    }

    @Test("An error of the body's own undoes the write and is no failure of the database")
    func bodyError() async throws {
        let database = try self.open()
        await #expect(throws: OutOfStock.self) { try await database.write(Ledger.update) { _ in throw OutOfStock() } }
        await database.close()
        let span = try #require(self.test.span(named: "UPDATE stock"))
        #expect(span.status == .unset && span["error.type"] == nil)
        #expect(try self.test.value(Self.duration, self.labels("UPDATE", "stock")) == 1)
        #expect(try self.test.value("shop_db_rollbacks_total", ["db_namespace": "ledger"]) == 1)
    }

    @Test("Pools show their size and state, and are back at rest after use")
    func pools() async throws {
        let database = try self.open(loops: 2)
        let gate = Gate()
        let occupant = try await database.occupyWriter(gate)
        let waiting = Task { try await database.insert("a") }
        await database.waitUntilQueued(1)
        let busy = try self.test.samples()
        #expect(busy.value("db_client_connection_count", self.pool("writer", "used")) == 1)
        #expect(busy.value("db_client_connection_count", self.pool("writer", "idle")) == 0)
        #expect(busy.value("db_client_connection_pending_requests", self.pool("writer")) == 1)
        #expect(busy.value("db_client_connection_max", self.pool("readers")) == 2)
        #expect(busy.value("db_client_connection_max", self.pool("loops")) == 2)
        gate.open()
        try await occupant.value
        try await waiting.value
        _ = try await database.notes()
        await database.close()
        let closed = try self.test.samples()
        for pool in ["writer", "readers", "loops"] {
            #expect(closed.value("db_client_connection_count", self.pool(pool, "used")) == 0)
            #expect(closed.value("db_client_connection_count", self.pool(pool, "idle")) == 0)
            #expect(closed.value("db_client_connection_pending_requests", self.pool(pool)) == 0)
        }
        #expect(closed.value("db_client_connection_wait_time_seconds_count", self.pool("writer")) == 2)
        #expect(closed.value("db_client_connection_wait_time_seconds_count", self.pool("readers")) == 1)
        #expect(closed.value("shop_db_writes_per_commit_sum", ["db_namespace": "ledger"]) == 2)
    }

    private func pool(_ name: String, _ state: String? = nil) -> [String: String] {
        var labels = ["db_client_connection_pool_name": "ledger.\(name)"]
        labels["db_client_connection_state"] = state
        return labels
    }

    @Test("Refusals are counted by pool")
    func rejections() async throws {
        var options = DatabaseOptions()
        options.writeQueueLimit = 1
        let database = try self.open(options: options)
        let gate = Gate()
        let occupant = try await database.occupyWriter(gate)
        let waiting = Task { try await database.insert("a") }
        await database.waitUntilQueued(1)
        _ = await #expect(throws: PersistenceError.self) { try await database.insert("b") }
        gate.open()
        try await occupant.value
        try await waiting.value
        await database.close()
        let labels = ["db_client_connection_pool_name": "ledger.writer"]
        #expect(try self.test.value("shop_db_rejections_total", labels) == 1)
        let refused = self.labels("INSERT", "entries", error: "queue_full")
        #expect(try self.test.value(Self.duration, refused) == 1)
    }

    @Test("Operations with the same names are the same, wherever they are declared")
    func identity() {
        #expect(DatabaseOperation("INSERT", "entries") == Ledger.insert)
        #expect(DatabaseOperation("INSERT", "other") != Ledger.insert)
    }

    @Test("More operations than fit the fast table are recorded all the same")
    func manyOperations() async throws {
        let database = try self.open()
        for number in 1_000..<1_300 {
            let operation = DatabaseOperation("SELECT", "entries", number: number)
            for _ in 0..<2 { _ = try database.readOnLoop(operation) { try $0.first("SELECT 1") { $0.int(0) } } }
        }
        await database.close()
        #expect(try self.test.value(Self.duration, self.labels("SELECT", "entries")) == 600)
    }

    @Test("Every metric is declared with a unit and a sentence of help, and begins as the names page says")
    func descriptors() throws {
        let database = try self.open()
        let names = Set(self.test.metrics.descriptions.map(\.name))
        for descriptor in DatabaseDescriptors.all {
            let description = descriptor.description
            #expect(description.name.hasPrefix("db.client.") || description.name.hasPrefix("shop.db."))
            #expect(description.help.hasSuffix("."))
            #expect(!description.unit.code.isEmpty)
            #expect(
                names.contains(description.name)
                    || description.name == DatabaseDescriptors.operationDuration.description.name)
        }
        _ = database
    }
}
