import Glibc
import Testing

/// `docs/resilience.md` names the test that proves each behaviour; a test that is renamed must be renamed there too.
@Suite("The document of resilience")
struct ResilienceDocumentTests {
    private static let folder = String(#filePath.dropLast("ResilienceDocumentTests.swift".count))

    private static func contents(of path: String) throws -> String {
        let file = try #require(fopen(path, "r"), "\(path) cannot be read")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Each behaviour in the table names a test there is, and no test of the rules is left out")
    func namesTests() throws {
        let document = try Self.contents(of: Self.folder + "../../docs/resilience.md")
        let files = ["CircuitBreakerMachineTests", "CircuitBreakerPropertyTests", "CircuitBreakerTests"]
        let sources = try (files + ["ResilienceTelemetryTests"]).map {
            try Self.contents(of: Self.folder + $0 + ".swift")
        }
        let rows = document.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.hasSuffix("\" |") }
        let named = rows.compactMap { row in
            row.firstIndex(of: "\"").map { String(row[row.index(after: $0)...].dropLast(3)) }
        }
        #expect(named.count > 40)
        for name in named {
            #expect(sources.contains { $0.contains("\"\(name)\"") }, "no test is called \"\(name)\"")
        }
        for source in sources.prefix(files.count - 1) {
            for part in source.split(separator: "@Test(").dropFirst() {
                let text = part.drop { $0 != "\"" }.dropFirst().prefix { $0 != "\"" }
                #expect(named.contains(String(text)), "\"\(text)\" is not in docs/resilience.md")
            }
        }
    }
}
