import Glibc
import Synchronization
import TelemetryTesting
import Testing

@testable import Telemetry

extension Spool {
    /// The batch that would be sent next.
    fileprivate func oldest() -> ExportBody? {
        guard case .body(let body) = self.takeOldest() else { return nil }
        return body
    }
}

@Suite("The spool on disk")
struct SpoolTests {
    private let folder = TemporaryFolder()
    private let counts = ExporterCounts()

    private func open(_ bytesMax: Int = 1_000_000) throws -> Spool {
        try #require(Spool(folder: self.folder.path, signal: "traces", bytesMax: bytesMax, counts: self.counts))
    }

    private func body(_ sequence: UInt64, _ text: String, count: Int = 1, isGzipped: Bool = false) -> ExportBody {
        ExportBody(sequence: sequence, count: count, bytes: Array(text.utf8), isGzipped: isGzipped)
    }

    private func files() -> [String] {
        var names: [String] = []
        guard let folder = opendir("\(self.folder.path)/traces") else { return [] }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.filter { $0.contains(".json") }.sorted()
    }

    @Test("Batches come back oldest first, whatever order they went in, and go when they are delivered")
    func order() throws {
        let spool = try self.open()
        for sequence in [3, 1, 2] as [UInt64] { spool.append(self.body(sequence, "batch \(sequence)")) }
        for sequence in 1...3 as ClosedRange<UInt64> {
            let body = try #require(spool.oldest())
            #expect(body.sequence == sequence && body.bytes == Array("batch \(sequence)".utf8))
            spool.remove(body.sequence)
        }
        #expect(spool.isEmpty && spool.byteCount == 0 && self.files() == [])
    }

    @Test("What one process leaves the next one finds: bytes, counts, compression, and whether it may have arrived")
    func restart() throws {
        var first: Spool? = try self.open()
        first?.append(self.body(7, "plain", count: 5))
        first?.append(self.body(8, "small", count: 6, isGzipped: true))
        _ = first?.oldest()
        first = nil
        let second = try self.open()
        #expect(second.newestSequence == 8 && second.batchCount == 2)
        let body = try #require(second.oldest())
        #expect(body.count == 5 && body.mayHaveArrived && !body.isGzipped)
        second.remove(7)
        let next = try #require(second.oldest())
        #expect(next.count == 6 && !next.mayHaveArrived && next.isGzipped)
    }

    @Test("At the bound the oldest go, counted by their records, on disk too")
    func bound() throws {
        let spool = try self.open(250)
        for sequence in 1...4 as ClosedRange<UInt64> {
            spool.append(self.body(sequence, String(repeating: "x", count: 100), count: 10))
        }
        #expect(spool.byteCount == 200 && self.counts.lost(.spoolFull) == 20)
        #expect(try #require(spool.oldest()).sequence == 3)
        #expect(self.files().count == 2)
        #expect(!spool.append(self.body(5, String(repeating: "x", count: 251))))
        #expect(spool.batchCount == 2 && self.counts.lost(.spoolFull) == 20)
    }

    @Test("The batch that is being sent makes room for no other, and is the oldest again when it was not delivered")
    func sending() throws {
        let spool = try self.open(250)
        for sequence in 1...2 as ClosedRange<UInt64> {
            spool.append(self.body(sequence, String(repeating: "x", count: 100), count: 10))
        }
        #expect(spool.oldest()?.sequence == 1)
        spool.append(self.body(3, String(repeating: "x", count: 100), count: 7))
        #expect(self.counts.lost(.spoolFull) == 10 && self.files().count == 2)
        spool.putBack(1, wasTried: false)
        let again = try #require(spool.oldest())
        #expect(again.sequence == 1 && !again.mayHaveArrived)
        #expect(spool.remove(1) && !spool.remove(1) && !spool.remove(2))
        #expect(spool.oldest()?.sequence == 3)
    }

    @Test("What an instance that has ended left in a folder of its own is delivered by the next one")
    func adoption() throws {
        var first: Spool? = try self.open()
        var second: Spool? = try self.open()
        first?.append(self.body(1, "of the first"))
        second?.append(self.body(1, "of the second", count: 3, isGzipped: true))
        first = nil
        second = nil
        let third = try self.open()
        #expect(third.batchCount == 2 && third.newestSequence == 2 && self.counts.begun.load(ordering: .relaxed) == 4)
        #expect(third.oldest()?.bytes == Array("of the first".utf8))
        third.remove(1)
        let adopted = try #require(third.oldest())
        #expect(adopted.bytes == Array("of the second".utf8) && adopted.count == 3 && adopted.isGzipped)
    }

    @Test("A folder left larger than the bound is cut to it at the start")
    func smallerBound() throws {
        var first: Spool? = try self.open()
        for sequence in 1...4 as ClosedRange<UInt64> { first?.append(self.body(sequence, "0123456789")) }
        first = nil
        let second = try self.open(25)
        #expect(second.batchCount == 2 && self.files().count == 2)
        #expect(try #require(second.oldest()).sequence == 3)
    }

    @Test("Half-written files are removed, strange ones left alone, damaged ones lost and counted")
    func strangeFiles() throws {
        var first: Spool? = try self.open()
        first?.append(self.body(1, "gone soon", count: 4))
        first?.append(self.body(2, "stays"))
        first = nil
        for name in ["00000000000000000009-5.json.part", "notes.txt", "1-1.json", "00000000000000000009-0.json"] {
            close(creat("\(self.folder.path)/traces/\(name)", 0o600))
        }
        let second = try self.open()
        #expect(second.batchCount == 2)
        #expect(access("\(self.folder.path)/traces/00000000000000000009-5.json.part", F_OK) != 0)
        #expect(access("\(self.folder.path)/traces/notes.txt", F_OK) == 0)
        unlink("\(self.folder.path)/traces/00000000000000000001-4.json")
        #expect(try #require(second.oldest()).sequence == 2)
        #expect(self.counts.lost(.spoolFailed) == 4)
    }

    @Test("Two processes that share a folder do not touch each other's batches")
    func instances() throws {
        let first = try self.open()
        let second = try self.open()
        first.append(self.body(1, "first"))
        second.append(self.body(1, "second"))
        #expect(try #require(first.oldest()).bytes == Array("first".utf8))
        #expect(try #require(second.oldest()).bytes == Array("second".utf8))
    }

    @Test("Without a folder that can be written there is no spool, and nothing fails")
    func unusable() {
        #expect(Spool(folder: "/proc/nowhere", signal: "traces", bytesMax: 100, counts: self.counts) == nil)
        #expect(Spool(folder: self.folder.path, signal: "traces", bytesMax: 0, counts: self.counts) == nil)
    }

    @Test("File names say everything, and nothing else is taken for one")
    func names() {
        for isGzipped in [false, true] {
            for wasTried in [false, true] {
                let entry = SpoolIndex.Entry(
                    sequence: .max / 4, count: 512, byteCount: 9, isGzipped: isGzipped, wasTried: wasTried)
                #expect(SpoolIndex.Entry(fileName: entry.fileName, byteCount: 9) == entry)
            }
        }
        for name in [
            "", ".", "lock", "1-1.json", "00000000000000000001-x.json", "00000000000000000001-1.json.zip",
            "18446744073709551615-1.json", "00000000000000000001-9999999999.json",
        ] {
            #expect(SpoolIndex.Entry(fileName: name, byteCount: 1) == nil, "\(name)")
        }
    }
}

@Suite("An outage of the receiver")
struct OutageTests {
    private let folder = TemporaryFolder()
    private var settings: SpoolSettings { SpoolSettings(folder: self.folder.path) }

    private static let exported = "otel_sdk_exporter_span_exported_total"

    private func spans(_ exporting: ExportingTelemetry, _ count: Int) {
        for _ in 0..<count { exporting.telemetry.tracer.startSpan("s", parent: nil).end() }
    }

    /// The span ids of every body that was answered well.
    private func spanIDs(_ transport: RecordingTransport, from first: Int = 0) -> [String] {
        transport.bodies.dropFirst(first).flatMap { body in
            body.split(separator: "\"spanId\":\"").dropFirst().map { String($0.prefix(16)) }
        }
    }

    @Test("Spans recorded while nobody answers arrive afterwards, each exactly once")
    func outage() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(answers: Array(repeating: .unreachable, count: 5))
        let exporting = try ExportingTelemetry(transport: transport, clock: clock, spool: self.settings)
        let run = Task { await exporting.telemetry.run() }
        // Far more than the queue of 2,048 takes.
        for _ in 0..<20 {
            self.spans(exporting, 512)
            await clock.advance(by: .milliseconds(1)) {
                (try? exporting.count("otel_sdk_processor_span_queue_size")) == 0
            }
        }
        #expect(try exporting.count("otel_sdk_processor_span_processed_total", errorType: "queue_full") == 0)
        await clock.advance(by: .milliseconds(100)) { (try? exporting.count(Self.exported)) == 10_240 }
        run.cancel()
        await run.value
        let ids = self.spanIDs(transport, from: 5)
        #expect(ids.count == 10_240 && Set(ids).count == 10_240)
        #expect(try exporting.count("otel_sdk_exporter_span_inflight") == 0)
        #expect(try exporting.count("shop_telemetry_spool_size_bytes") == 0)
        #expect(try exporting.count("shop_telemetry_resent_records_total") == 0)
    }

    @Test("A process that ends in an outage leaves its spans on disk, and the next one delivers them first")
    func restart() async throws {
        let away = RecordingTransport(answers: Array(repeating: .unreachable, count: 100))
        let first = try ExportingTelemetry(transport: away, clock: ManualClock(), spool: self.settings)
        let run = Task { await first.telemetry.run(flushTimeout: .seconds(2)) }
        self.spans(first, 700)
        run.cancel()
        await run.value
        #expect(try first.count(Self.exported, errorType: "timeout") == 0)
        #expect(try first.count("otel_sdk_exporter_span_inflight") == 700)
        // The first process is still alive here, so its folder is taken: the next one would use one of its own.
        try self.move("traces", "other/traces")

        let back = RecordingTransport()
        let second = try ExportingTelemetry(
            transport: back, clock: ManualClock(), spool: SpoolSettings(folder: "\(self.folder.path)/other"))
        self.spans(second, 3)
        let end = Task { await second.telemetry.run() }
        end.cancel()
        await end.value
        let ids = self.spanIDs(back)
        #expect(ids.count == 703 && Set(ids).count == 703)
        #expect(try second.count(Self.exported) == 703)
    }

    private func move(_ from: String, _ to: String) throws {
        mkdir("\(self.folder.path)/other", 0o700)
        try #require(rename("\(self.folder.path)/\(from)", "\(self.folder.path)/\(to)") == 0)
        // A lock belongs to the file, not to its name.
        unlink("\(self.folder.path)/\(to)/lock")
    }

    @Test("An outage longer than the bound loses the oldest, counted")
    func bound() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(answers: Array(repeating: .unreachable, count: 2))
        let exporting = try ExportingTelemetry(
            transport: transport, clock: clock, spool: SpoolSettings(folder: self.folder.path, bytesMax: 400_000))
        let run = Task { await exporting.telemetry.run() }
        for _ in 0..<10 {
            self.spans(exporting, 512)
            await clock.advance(by: .milliseconds(1)) {
                (try? exporting.count("otel_sdk_processor_span_queue_size")) == 0
            }
        }
        await clock.advance(by: .milliseconds(100)) {
            (try? exporting.count("otel_sdk_exporter_span_inflight")) == 0
        }
        run.cancel()
        await run.value
        let exported = try #require(try exporting.count(Self.exported))
        let lost = try #require(try exporting.count(Self.exported, errorType: "spool_full"))
        #expect(exported + lost == 5_120 && exported > 512 && lost > 512)
    }

    @Test("With a disk that takes nothing, an outage is survived in memory, and ends")
    func fullDisk() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(answers: [.unreachable, .unreachable])
        let exporting = try ExportingTelemetry(transport: transport, clock: clock, spool: self.settings)
        // Nothing can be written into a folder that is gone.
        try #require(rename("\(self.folder.path)/traces", "\(self.folder.path)/gone") == 0)
        for expected in [5.0, 10.0] {
            self.spans(exporting, 5)
            let flush = Task { await exporting.telemetry.flush(timeout: .seconds(60)) }
            await clock.advance(by: .milliseconds(100)) { (try? exporting.count(Self.exported)) == expected }
            await flush.value
        }
        #expect(try exporting.count(Self.exported) == 10)
        #expect(try exporting.count(Self.exported, errorType: "spool_failed") == 0)
    }

    @Test("A try that may have arrived is counted when it is repeated")
    func unclear() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport(answers: [.failure])
        let exporting = try ExportingTelemetry(transport: transport, clock: clock, spool: self.settings)
        self.spans(exporting, 4)
        let flush = Task { await exporting.telemetry.flush(timeout: .seconds(60)) }
        await clock.advance(by: .milliseconds(100)) { transport.requests.count == 2 }
        await flush.value
        #expect(try exporting.count("shop_telemetry_resent_records_total") == 4)
        #expect(try exporting.count(Self.exported) == 4)
    }
}
