import CSystem
import CartService
import Gateway
import Glibc
import NetworkIO
import OrderService
import ProductService
import ServiceKit
import Telemetry
import UserService

/// The processes that are measured: the shop's own services as `vitrine serve` runs them, one that answers a plain text
/// through the same pipeline, and a sink for what they export.
public enum BenchmarkServer {
    private static let usage = "usage: bench-server gateway|user|product|cart|order|plaintext|echo|sink|accounts"

    /// Runs the process that the first argument names, until SIGTERM.
    /// - Returns: the exit status.
    public static func main() async -> Int32 {
        // As `vitrine` does.
        mallopt(M_ARENA_MAX, 4)
        do {
            let signals = try TerminationSignals()
            try await self.run(CommandLine.arguments.dropFirst().first ?? "", Self.environment(), signals)
            return 0
        } catch {
            Self.complain("bench-server: \(error)")
            return 1
        }
    }

    private static func run(
        _ role: String, _ environment: [String: String], _ signals: TerminationSignals
    ) async throws {
        switch role {
        case "gateway": try await self.host(GatewayService.self, environment, signals)
        case "user": try await self.host(UserService.self, environment, signals)
        case "product": try await self.host(ProductService.self, environment, signals)
        case "cart": try await self.host(CartService.self, environment, signals)
        case "order": try await self.host(OrderService.self, environment, signals)
        case "plaintext": try await self.host(PlaintextService.self, environment, signals)
        case "echo": try await self.host(EchoService.self, environment, signals)
        case "sink": try await TelemetrySink.run(environment, signals)
        case "accounts": try await self.createAccounts(environment)
        default: throw StartError(self.usage)
        }
    }

    private static func host<S: ShopService>(
        _ service: S.Type, _ environment: [String: String], _ signals: TerminationSignals
    ) async throws {
        try await ServiceHost.run(service, environment: environment, version: "benchmark", signals: signals)
    }

    /// The lab's admin and customer, so that the driver can log in.
    private static func createAccounts(_ environment: [String: String]) async throws {
        let assembly = try PlatformAssembly.make(
            .user, environment: environment, version: "benchmark", logSink: .discard)
        defer { assembly.platform.loops.stop() }
        _ = try await UserSeed(UserSeed.lab).run(assembly.platform)
    }

    private static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }

    private static func complain(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
