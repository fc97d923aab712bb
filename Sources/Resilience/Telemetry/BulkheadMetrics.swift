package import Telemetry

/// The series of bounds on calls in flight.
package enum BulkheadMetrics {
    package static let inFlight = DynamicDescriptor(
        "resilience.bulkhead.inflight", kind: .gauge, unit: .count("call"), help: "Calls in flight within a bound.",
        labelNames: ["bulkhead"])
    package static let rejected = DynamicDescriptor(
        "resilience.bulkhead.rejected", kind: .counter, unit: .count("call"),
        help: "Calls refused because the queue was full or their deadline passed in it.", labelNames: ["bulkhead"])
    package static let limit = DynamicDescriptor(
        "resilience.load_shed.limit", kind: .gauge, unit: .count("request"),
        help: "Requests in flight that the adaptive limit allows now.", labelNames: ["bulkhead"])
    package static let shed = CounterDescriptor<LoadPriority>(
        "resilience.load_shed", unit: .count("request"), help: "Requests refused with 503 under load, by priority.")
}
