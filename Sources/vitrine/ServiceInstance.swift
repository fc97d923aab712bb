import ServiceKit

/// One process of the lab: a service, and which of its instances.
struct ServiceInstance: Sendable, Hashable, CustomStringConvertible {
    let name: ServiceName
    /// From 1.
    let number: Int

    init(_ name: ServiceName, number: Int = 1) {
        self.name = name
        self.number = number
    }

    /// `product`; `product-2` from the second on.
    var description: String { self.number == 1 ? self.name.rawValue : "\(self.name.rawValue)-\(self.number)" }
}
