public import Telemetry

/// Attributes that several services use, and those of what all processes are made of. Those of one service are declared
/// in it.
extension Attribute {
    @inlinable
    public static var orderID: AttributeKey<String> { .init("shop.order.id", .ours, "The order.") }
    @inlinable
    public static var productID: AttributeKey<String> { .init("shop.product.id", .ours, "The product.") }
    @inlinable
    public static var invariantViolations: AttributeKey<Int> {
        .init("shop.invariant.violations", .ours, "How many things contradict a rule of the shop.")
    }

    static var requestID: AttributeKey<String> {
        .init("shop.request.id", .ours, "The request, as its sender or the gateway numbered it.")
    }
    static var requestMicroseconds: AttributeKey<Int> {
        .init("shop.request.duration_us", .ours, "Time from the request's head to its answer, in microseconds.")
    }
    static var adminAddress: AttributeKey<String> {
        .init("shop.admin.address", .ours, "Where health and metrics are asked for.")
    }
    static var connectionsCut: AttributeKey<Int> {
        .init("shop.connections.cut", .ours, "Connections that were still busy when the time for draining was over.")
    }
    static var phase: AttributeKey<String> {
        .init("shop.phase", .ours, "What the peer was too slow at, such as sending the head of a request.")
    }
}
