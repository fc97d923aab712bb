/// The processes of the platform.
public enum ServiceName: String, Sendable, CaseIterable {
    case gateway
    case user
    case product
    case cart
    case order

    /// The port of the traffic listener where nothing else is set.
    public var defaultPort: Int {
        switch self {
        case .gateway: 8000
        case .user: 8001
        case .product: 8002
        case .cart: 8003
        case .order: 8004
        }
    }

    /// The port of the admin listener where nothing else is set.
    public var defaultAdminPort: Int { self.defaultPort + 1000 }

    /// The environment variable that says where the service's instances are: URLs between commas.
    public var addressVariable: String { "VITRINE_\(self.rawValue.uppercased())_URL" }
}
