import CartService
import Faults
import Gateway
import OrderService
import ProductService
import ServiceKit
package import Telemetry
import UserService

/// What the services declare, as far as configurations speak of it.
package enum Signals {
    /// All attributes that any service may emit, or that the library knows; by key.
    package static var attributes: [AttributeDescriptor] {
        let catalogue = self.catalogue
        let all =
            catalogue.attributes + catalogue.spans.flatMap(\.attributes) + catalogue.spanEvents.flatMap(\.attributes)
            + catalogue.logEvents.flatMap(\.attributes)
        return Set(all).sorted { $0.key < $1.key }
    }

    /// The span event of a fault that was set on purpose.
    static var injectedFault: String {
        let declared = TelemetryCatalogue.faults.spanEvents
        precondition(declared.count == 1, "\(declared.count) span events of faults are declared")
        return declared[0].name
    }

    private static var catalogue: TelemetryCatalogue {
        GatewayService.catalogue + UserService.catalogue + ProductService.catalogue + CartService.catalogue
            + OrderService.catalogue + .faults
    }
}
