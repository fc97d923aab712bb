import Glibc
import Telemetry
import TelemetryTesting
import Testing

@testable import Console

@Suite("What outlives a restart")
struct ArchiveTests {
    private static let spans = (1...50 as ClosedRange<UInt64>).map { number -> ReceivedSpan in
        var span = Made.span(number / 3 + 1, number, in: number % 3, "s\(number % 4)", "op", number...(number + 5))
        span.attributes = [
            ReceivedAttribute("text", .string("ä")), ReceivedAttribute("list", .array([.int(-5), .double(.nan)])),
        ]
        span.events = [.init(name: "e", time: number, attributes: [ReceivedAttribute("k", .bytes([0]))])]
        span.links = [.init(traceID: Made.trace(9), spanID: SpanID(rawValue: 9))]
        span.scope = ReceivedScope(name: "lib", version: "2")
        return span
    }
    private static let log = ReceivedLog(
        time: 7, severity: 17, body: .string("it broke"), eventName: "broken",
        attributes: [ReceivedAttribute("n", .int(1))], traceID: Made.trace(1), spanID: SpanID(rawValue: 1),
        resource: Made.resource("order"))

    private func filled() -> TelemetryStore {
        let store = Made.store()
        _ = store.take(Self.spans)
        _ = store.take([Self.log])
        return store
    }

    /// The texts of all that an archive holds: NaN is not equal to itself.
    private func items(_ archive: StoreArchive) -> Set<String> {
        var items: Set<String> = []
        _ = archive.read { items.insert("\($0)") }
        return items
    }

    @Test("All comes back as it was, and a second time too")
    func roundTrip() throws {
        let folder = TemporaryFolder()
        let archive = try StoreArchive(folder: folder.path + "/new")
        let first = self.filled()
        let state = first.read { $0 }
        try archive.write(state.traces, state.logs)
        let expected = Set(Self.spans.map { "\(ArchiveCodec.Item.span($0))" } + ["\(ArchiveCodec.Item.log(Self.log))"])
        #expect(self.items(archive) == expected)

        let second = Made.store()
        Archivist(archive, store: second, log: Telemetry.disabled().log).restore()
        let again = second.read { $0 }
        #expect(again.traces.spanCount == 50)
        #expect(again.logs.count == 1)
        try archive.write(again.traces, again.logs)
        #expect(self.items(archive) == expected)
    }

    @Test("A file that is cut off anywhere, or damaged, gives what is whole before that, and no more")
    func damage() throws {
        let folder = TemporaryFolder()
        let archive = try StoreArchive(folder: folder.path)
        let state = self.filled().read { $0 }
        try archive.write(state.traces, state.logs)
        let whole = self.items(archive)
        let bytes = Self.contents(archive.path)
        #expect(bytes.count > 2_000)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            Self.replace(archive.path, Array(bytes[..<length]))
            #expect(self.items(archive).isSubset(of: whole))
        }
        for place in stride(from: 0, to: bytes.count, by: 13) {
            var damaged = bytes
            damaged[place] ^= 0x55
            Self.replace(archive.path, damaged)
            #expect(self.items(archive).isSubset(of: whole))
        }
        unlink(archive.path)
        #expect(self.items(archive).isEmpty)
    }

    @Test("A draft that a killed process left half written is nobody's, and makes way")
    func draft() throws {
        let folder = TemporaryFolder()
        let archive = try StoreArchive(folder: folder.path)
        let state = self.filled().read { $0 }
        try archive.write(state.traces, state.logs)
        let whole = self.items(archive)
        Self.replace(archive.path + ".new", [UInt8](repeating: 7, count: 300_000))
        #expect(self.items(archive) == whole)
        try archive.write(state.traces, state.logs)
        #expect(self.items(archive) == whole)
        #expect(Self.contents(archive.path + ".new").isEmpty)
    }

    @Test("A folder that cannot be made is said")
    func folder() {
        #expect(throws: StoreArchive.Failure.self) { try StoreArchive(folder: "/proc/nothing/here") }
    }

    private static func contents(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
    }

    private static func replace(_ path: String, _ bytes: [UInt8]) {
        guard let file = fopen(path, "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
