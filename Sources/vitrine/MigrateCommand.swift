import CartService
import Gateway
import OrderService
import ProductService
import ServiceKit
import UserService

/// `vitrine migrate`: brings databases up to date without serving.
enum MigrateCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(arguments, flags: ["lab"])
        try options.requireOperands(atMost: 1)
        let all: [ServiceName] = [.user, .product, .cart, .order]
        var names = all
        if let text = options.operands.first {
            guard let name = ServiceName(rawValue: text), all.contains(name) else {
                throw UsageError("'\(text)' is none of \(all.map(\.rawValue).joined(separator: ", "))")
            }
            names = [name]
        }
        let environment = ProcessEnvironment.current()
        for name in names {
            let variables =
                options.has("lab") ? try LabTopology(environment: environment).variables(for: name) : environment
            try await self.migrate(name, variables)
        }
    }

    private static func migrate(_ name: ServiceName, _ variables: [String: String]) async throws {
        switch name {
        case .user: try await OfflineService.open(UserService.self, variables)
        case .product: try await OfflineService.open(ProductService.self, variables)
        case .cart: try await OfflineService.open(CartService.self, variables)
        case .order: try await OfflineService.open(OrderService.self, variables)
        case .gateway: return
        }
        print("\(name.rawValue): up to date")
    }
}
