package import Telemetry

/// Every metric of the cart service.
package enum CartMetrics {
    package static let itemsAdded = CounterDescriptor<NoLabels>(
        "shop.cart.items_added", unit: .count("item"), help: "Units of products put into carts.")
    package static let degraded = CounterDescriptor<NoLabels>(
        "shop.cart.degraded", unit: .count("look-up"),
        help: "Look-ups of products that failed, so that a cart showed without names and prices.")
    package static let expired = CounterDescriptor<NoLabels>(
        "shop.carts.expired", unit: .count("cart"), help: "Carts forgotten because nobody touched them for long.")
}

/// The instruments, registered once at start so that every series exists at zero.
struct CartInstruments: Sendable {
    let itemsAdded: CounterSeries
    let degraded: CounterSeries
    let expired: CounterSeries

    init(_ metrics: MetricRegistry) {
        self.itemsAdded = metrics.counter(CartMetrics.itemsAdded).series(NoLabels())
        self.degraded = metrics.counter(CartMetrics.degraded).series(NoLabels())
        self.expired = metrics.counter(CartMetrics.expired).series(NoLabels())
    }
}

extension Attribute {
    static var quantity: AttributeKey<Int> { .init("shop.cart.quantity", .ours, "Units put into the cart.") }
    static var linesKept: AttributeKey<Bool> {
        .init("shop.cart.lines_kept", .ours, "Whether lines put in since the order began stay in the cart.")
    }
    /// Infrastructure errors, which name no user.
    static func cause(_ error: any Error) -> Attribute { .errorMessage("\(error)") }
}
