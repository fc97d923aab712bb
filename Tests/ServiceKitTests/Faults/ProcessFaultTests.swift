import CSystem
import Glibc
import NetworkIO
import TelemetryTesting
import Testing

@testable import Faults
@testable import ServiceKit

@Suite("Faults of the process", .timeLimit(.minutes(1)), .serialized)
struct ProcessFaultTests {
    private func withFault(
        _ json: String, seconds: Double = 60, _ body: (FaultControl, EventLoopGroup) async throws -> Void
    ) async throws {
        let loops = try EventLoopGroup(count: 2)
        defer { loops.stop() }
        let telemetry = TestTelemetry()
        let registry = FaultRegistry(
            service: "product", telemetry: telemetry.telemetry, now: { vitrine_monotonic_nanoseconds() },
            unixMicroseconds: { 0 })
        let control = FaultControl(FaultInjector(registry), loops: loops)
        _ = try control.set(
            .parsed(#"{"id":"f","point":"process","duration_seconds":\#(seconds),\#(json)}"#))
        #expect(control.process.threadCount == 1)
        try await body(control, loops)
        // The suite's time limit ends it when a thread stays.
        while control.process.threadCount > 0 { try await self.turn() }
        #expect(registry.faults.isEmpty)
    }

    /// Lets others run, unless the suite's time is over.
    private func turn() async throws {
        try Task.checkCancellation()
        await Task.yield()
    }

    private func residentMebibytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        fgets(&line, 256, file)
        let words = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }.split(separator: " ")
        return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * 4_096 / 1_048_576
    }

    private func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(0, &usage)
        return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    }

    @Test("A processor is kept busy until the fault is cleared")
    func burn() async throws {
        let before = self.processorSeconds()
        try await self.withFault(#""kind":"cpu_burn","share":1"#) { control, _ async throws in
            while self.processorSeconds() - before < 0.1 { try await self.turn() }
            #expect(control.registry.faults.first?.injections == 1)
            #expect(control.clear("f") != nil)
        }
    }

    @Test("Memory is taken in earnest, and given back when the fault is over")
    func memory() async throws {
        let before = self.residentMebibytes()
        try await self.withFault(#""kind":"memory_growth","mebibytes":128"#) { control, _ async throws in
            while self.residentMebibytes() < before + 120 { try await self.turn() }
            _ = control.clearAll()
        }
        #expect(self.residentMebibytes() < before + 100)
    }

    @Test("The traffic loops stand still together, the admin loop does not")
    func block() async throws {
        try await self.withFault(#""kind":"loop_block","block_ms":80,"every_ms":100"#) { control, loops async throws in
            for loop in loops.traffic {
                while loop.statistics.takeLongestTick() < 80_000_000 { try await self.turn() }
            }
            #expect(loops.admin.statistics.takeLongestTick() < 80_000_000)
            #expect((control.registry.faults.first?.injections ?? 0) >= 1)
            _ = control.clearAll()
            // A loop that is let go turns again.
            for loop in loops.traffic {
                await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                    loop.execute { continuation.resume() }
                }
            }
        }
    }

    @Test(
        "Each ends by itself at its time",
        arguments: [
            #""kind":"cpu_burn","share":0.1"#, #""kind":"memory_growth","mebibytes":1"#,
            #""kind":"loop_block","block_ms":5000,"every_ms":5000"#,
        ])
    func expiry(json: String) async throws {
        try await self.withFault(json, seconds: 0.2) { control, _ async throws in
            while !control.registry.faults.isEmpty { try await self.turn() }
        }
    }

    @Test("A fault that replaces another ends the other's thread")
    func replaced() async throws {
        try await self.withFault(#""kind":"cpu_burn","share":0.05"#) { control, _ async throws in
            _ = try control.set(
                .parsed(
                    #"{"id":"f","point":"process","duration_seconds":60,"kind":"memory_growth","mebibytes":1}"#))
            while control.process.threadCount > 1 { try await self.turn() }
            #expect(control.registry.faults.map(\.spec.kind) == [.memoryGrowth])
            _ = control.clearAll()
        }
    }
}
