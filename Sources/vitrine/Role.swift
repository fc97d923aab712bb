import ServiceKit

/// What one process can be: `vitrine serve <role>`.
enum Role: Hashable {
    case service(ServiceName)
    case console

    static let all = ServiceName.allCases.map(Role.service) + [.console]

    var name: String {
        switch self {
        case .service(let name): name.rawValue
        case .console: "console"
        }
    }

    /// The port of the admin listener where nothing else is set.
    var defaultAdminPort: Int {
        switch self {
        case .service(let name): name.defaultAdminPort
        case .console: 9_005
        }
    }

    init?(_ name: String) {
        guard let role = Self.all.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}
