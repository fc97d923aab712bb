import CartService
import Console
import Gateway
import NetworkIO
import OrderService
import ProductService
import ServiceKit
import Telemetry
import UserService

/// Whether a role of the platform starts with given settings: asked of the role itself, which is put together over an
/// empty folder and never listens.
enum SettingsCheck {
    struct Outcome {
        /// A line each, beginning with the variable's name.
        var mistakes: [String] = []
        var namesRead: Set<String> = []
    }

    /// Whether a variable is meant for the platform at all, by its name.
    static func isOurs(_ name: String) -> Bool {
        ["VITRINE", "OTEL", "INTERNAL"].contains { name.hasPrefix($0 + "_") }
    }

    static func run(_ role: Role, _ variables: [String: String]) async throws -> Outcome {
        var outcome: Outcome
        switch role {
        case .service(.gateway): outcome = try await self.build(GatewayService.self, variables)
        case .service(.user): outcome = try await self.build(UserService.self, variables)
        case .service(.product): outcome = try await self.build(ProductService.self, variables)
        case .service(.cart): outcome = try await self.build(CartService.self, variables)
        case .service(.order): outcome = try await self.build(OrderService.self, variables)
        case .console: outcome = self.readConsole(variables)
        }
        do throws(TelemetryConfigurationError) {
            _ = try TelemetryConfiguration(
                environment: variables, serviceName: role.name, serviceVersion: Version.current)
        } catch {
            outcome.mistakes.append("\(error)")
        }
        outcome.namesRead.formUnion(variables.keys.filter(TelemetryConfiguration.knows))
        return outcome
    }

    private static func build<S: ShopService>(
        _ service: S.Type, _ variables: [String: String]
    ) async throws -> Outcome {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        var variables = variables
        variables["VITRINE_DATA"] = scratch.path
        if variables["VITRINE_LOOPS"] ?? "" == "" { variables["VITRINE_LOOPS"] = "1" }
        for name in variables.keys where name.hasPrefix("OTEL") { variables[name] = nil }
        variables["OTEL_TRACES_EXPORTER"] = "none"
        variables["OTEL_LOGS_EXPORTER"] = "none"
        let assembly: PlatformAssembly
        do {
            assembly = try PlatformAssembly.make(
                S.name, environment: variables, version: Version.current, logSink: .discard)
        } catch let error as ConfigurationError {
            // It came no further than to the mistakes of every process: what else it would have read is not known.
            return Outcome(mistakes: error.messages, namesRead: Set(variables.keys))
        }
        defer { assembly.platform.loops.stop() }
        let config = assembly.platform.config
        do {
            let made = try await S(platform: assembly.platform)
            await made.close()
            try config.validate()
            return Outcome(namesRead: config.knownNames)
        } catch let error as ConfigurationError {
            return Outcome(mistakes: error.messages, namesRead: config.knownNames)
        }
    }

    private static func readConsole(_ variables: [String: String]) -> Outcome {
        let config = ConfigReader(variables)
        _ = ConsoleSettings(config)
        var outcome = Outcome(namesRead: config.knownNames)
        do throws(ConfigurationError) { try config.validate() } catch { outcome.mistakes = error.messages }
        return outcome
    }
}
