import CartService
import Gateway
import NetworkIO
import OrderService
import ProductService
import ServiceKit
import UserService

/// `vitrine serve`: one service in this process.
enum ServeCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(arguments, values: ["data"], flags: ["lab"])
        try options.requireOperands(atMost: 1)
        guard let text = options.operands.first else { throw UsageError("which service?") }
        if text == "\(LabMember.console)" { return try await ConsoleCommand.run(options) }
        guard let name = ServiceName(rawValue: text) else {
            throw UsageError("'\(text)' is none of \(ServiceName.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let signals = try TerminationSignals()
        ParentProcess.follow()
        var environment = ProcessEnvironment.current()
        if options.has("lab") { environment = try LabTopology(environment: environment).variables(for: name) }
        try await self.serve(name, environment, signals)
    }

    static func serve(_ name: ServiceName, _ environment: [String: String], _ signals: TerminationSignals) async throws
    {
        let version = Version.current
        switch name {
        case .gateway:
            try await ServiceHost.run(GatewayService.self, environment: environment, version: version, signals: signals)
        case .user:
            try await ServiceHost.run(UserService.self, environment: environment, version: version, signals: signals)
        case .product:
            try await ServiceHost.run(ProductService.self, environment: environment, version: version, signals: signals)
        case .cart:
            try await ServiceHost.run(CartService.self, environment: environment, version: version, signals: signals)
        case .order:
            try await ServiceHost.run(OrderService.self, environment: environment, version: version, signals: signals)
        }
    }
}
