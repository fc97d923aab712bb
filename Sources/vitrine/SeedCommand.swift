import NetworkIO
import ProductService
import ServiceKit
import Telemetry
import UserService

/// `vitrine seed`: the demonstration catalogue, and in the lab its two users.
enum SeedCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(arguments, flags: ["lab"])
        try options.requireOperands(atMost: 1)
        let environment = ProcessEnvironment.current()
        switch (options.operands.first, options.has("lab")) {
        case (nil, true): try await self.seed(LabTopology(environment: environment), includingUsers: true)
        case (nil, false), ("products", false): try await self.seedProducts(environment)
        case ("users", false): try await self.seedUsers(environment)
        case (let what?, true): throw UsageError("--lab seeds everything, and not '\(what)' alone")
        case (let what?, false): throw UsageError("'\(what)' is neither products nor users")
        }
    }

    static func seed(_ topology: LabTopology, includingUsers: Bool) async throws {
        try await self.seedProducts(try topology.variables(for: .product))
        if includingUsers { try await self.seedUsers(try topology.variables(for: .user)) }
    }

    /// Two whose passwords are published: the customer and the admin of demonstrations.
    private static func seedUsers(_ variables: [String: String]) async throws {
        let assembly = try OfflineService.assemble(.user, variables)
        defer { assembly.platform.loops.stop() }
        let summary = try await UserSeed(UserSeed.lab).run(assembly.platform)
        print("users: \(summary.created) added")
    }

    private static func seedProducts(_ variables: [String: String]) async throws {
        let assembly = try OfflineService.assemble(.product, variables)
        defer { assembly.platform.loops.stop() }
        let summary = try await ProductSeed.load(assembly.platform)
        print("catalogue: \(summary.products) products and \(summary.categories) categories added")
    }
}

/// A service's parts without its listeners, for work on its database.
enum OfflineService {
    static func assemble(_ name: ServiceName, _ variables: [String: String]) throws -> PlatformAssembly {
        var variables = variables
        // Work of a moment: its telemetry has nowhere to go.
        variables["OTEL_TRACES_EXPORTER"] = "none"
        variables["OTEL_LOGS_EXPORTER"] = "none"
        variables["OTEL_LOG_LEVEL"] = "error"
        variables["VITRINE_LOOPS"] = "1"
        variables["INTERNAL_AUTH_TOKEN"] = variables["INTERNAL_AUTH_TOKEN"] ?? "not used without listeners"
        return try PlatformAssembly.make(name, environment: variables, version: Version.current)
    }

    /// Opens the service, which migrates its database, and closes it again.
    static func open<S: ShopService>(_ service: S.Type, _ variables: [String: String]) async throws {
        let assembly = try self.assemble(S.name, variables)
        defer { assembly.platform.loops.stop() }
        let made = try await S(platform: assembly.platform)
        try assembly.platform.config.validate()
        await made.close()
    }
}
