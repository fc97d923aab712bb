/// One process of the lab.
enum LabMember: Sendable, Hashable, CustomStringConvertible {
    case service(ServiceInstance)
    /// The made-up customers of `vitrine load --gentle`.
    case load

    /// As in log files, messages and `lab.json`: `product`, `product-2`, `load`.
    var description: String {
        switch self {
        case .service(let instance): instance.description
        case .load: "load"
        }
    }
}
