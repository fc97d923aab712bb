import ServiceKit

/// One process of the lab.
enum LabMember: Sendable, Hashable {
    case service(ServiceName)
    /// The made-up customers of `vitrine load --gentle`.
    case load

    /// As in log files and messages.
    var name: String {
        switch self {
        case .service(let service): service.rawValue
        case .load: "load"
        }
    }
}
