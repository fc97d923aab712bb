import BenchEcho
import CSystem
import Glibc
import HTTPCore
import HTTPEngine
import NetworkIO
import RPC
import Synchronization
import Telemetry

/// The command line.
struct CallOptions {
    let port: Int
    let seconds: Int
    let connections: Int
    let callsOnEach: Int
    let token: String

    init?(_ arguments: ArraySlice<String>) {
        let words = Array(arguments)
        guard words.count == 5 else { return nil }
        let numbers = words.prefix(4).compactMap { Int($0) }
        guard numbers.count == 4, numbers.allSatisfy({ $0 > 0 }) else { return nil }
        (self.port, self.seconds, self.connections, self.callsOnEach) = (numbers[0], numbers[1], numbers[2], numbers[3])
        self.token = words[4]
    }
}

/// Callers that each wait for their answer before they call again, through the platform's own client.
struct CallRun {
    private struct Results {
        var nanoseconds: [UInt64] = []
        var failures = 0
    }

    private let options: CallOptions
    private static let payload = Array(repeating: UInt8(0x61), count: 32)

    init(_ options: CallOptions) { self.options = options }

    func run() async throws -> String {
        let loops = try EventLoopGroup(count: 1)
        let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 64))
        let clients = self.makeClients(loops, resolver)
        // Connections open, and what is compiled or cached lazily is.
        _ = await self.call(clients, on: loops.traffic[0], for: 300_000_000)
        let (start, before) = (vitrine_monotonic_nanoseconds(), Self.processorMicroseconds())
        let results = await self.call(clients, on: loops.traffic[0], for: UInt64(self.options.seconds) * 1_000_000_000)
        let used = Self.processorMicroseconds() - before
        let elapsed = (vitrine_monotonic_nanoseconds() - start) / 1_000
        loops.stop()
        let sorted = results.nanoseconds.sorted()
        let (p50, p99) = (Self.microseconds(sorted, 0.5), Self.microseconds(sorted, 0.99))
        return "SUMMARY \(sorted.count) \(elapsed) \(results.failures) \(used) \(p50) \(p99)"
    }

    /// A client of its own for each connection: one would share a single connection among all calls of the loop.
    private func makeClients(_ loops: EventLoopGroup, _ resolver: NameResolver) -> [BenchV1.EchoClient] {
        var configuration = TelemetryConfiguration(serviceName: "bench-calls")
        configuration.tracesExporter = .none
        configuration.logsExporter = .none
        configuration.sampler = .alwaysOff
        let telemetry = Telemetry(configuration, logSink: .discard)
        let metadata: RPCMetadata = ["x-internal-token": self.options.token]
        return (0..<self.options.connections).map { _ in
            let upstream = HTTP2Upstream(
                name: "echo", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: self.options.port)], loops: loops,
                resolver: resolver)
            return BenchV1.EchoClient(
                RPCClient(
                    transport: upstream, serverAddress: "127.0.0.1", serverPort: self.options.port, metadata: metadata,
                    telemetry: telemetry))
        }
    }

    private func call(_ clients: [BenchV1.EchoClient], on loop: EventLoop, for nanoseconds: UInt64) async -> Results {
        let end = vitrine_monotonic_nanoseconds() + nanoseconds
        return await withTaskGroup(of: Results.self) { group in
            for client in clients {
                for _ in 0..<self.options.callsOnEach {
                    group.addTask(executorPreference: loop) { await Self.call(client, until: end) }
                }
            }
            return await group.reduce(into: Results()) {
                $0.nanoseconds += $1.nanoseconds
                $0.failures += $1.failures
            }
        }
    }

    private static func call(_ client: BenchV1.EchoClient, until end: UInt64) async -> Results {
        let message = BenchV1.Message(payload: Self.payload)
        var results = Results()
        results.nanoseconds.reserveCapacity(1 << 16)
        var start = vitrine_monotonic_nanoseconds()
        while start < end {
            do throws(RPCError) {
                if try await client.say(message).payload != Self.payload { results.failures += 1 }
            } catch {
                results.failures += 1
            }
            let now = vitrine_monotonic_nanoseconds()
            results.nanoseconds.append(now - start)
            start = now
        }
        return results
    }

    private static func microseconds(_ sorted: [UInt64], _ share: Double) -> UInt64 {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] / 1_000
    }

    private static func processorMicroseconds() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let (user, system) = (usage.ru_utime, usage.ru_stime)
        return (user.tv_sec + system.tv_sec) * 1_000_000 + Int(user.tv_usec + system.tv_usec)
    }
}
