public import Telemetry

/// The metrics of fault injection. They exist where it is switched on, each kind at zero from the start.
public enum FaultMetrics {
    public static let active = DynamicDescriptor(
        "chaos.fault.active", kind: .gauge, unit: .count("fault"), help: "Faults that are set, by kind.",
        labelNames: ["fault", "service"], labelValues: ["fault": FaultKind.allCases.map(\.rawValue)])
    public static let injections = DynamicDescriptor(
        "chaos.fault.injections", kind: .counter, unit: .count("injection"),
        help: "Times that a fault has been injected, by kind.",
        labelNames: ["fault", "service"], labelValues: ["fault": FaultKind.allCases.map(\.rawValue)])
}

extension Attribute {
    static var faultID: AttributeKey<String> { .init("shop.fault.id", .ours, "The fault that was injected.") }
    static var faultKind: AttributeKey<FaultKind> { .init("shop.fault.kind", .ours, "What the fault does.") }
    static var faultPoint: AttributeKey<FaultPoint> {
        .init("shop.fault.point", .ours, "Where in the process the fault happens.")
    }
    static var faultLabel: AttributeKey<String> {
        .init("shop.fault.label", .ours, "What the fault belongs to, in the words of whoever set it.")
    }
    static var faultSeconds: AttributeKey<Double> {
        .init("shop.fault.duration_s", .ours, "How long the fault is to last, in seconds.")
    }
    static var faultInjections: AttributeKey<Int> {
        .init("shop.fault.injections", .ours, "How often the fault was injected.")
    }
}

extension TelemetryCatalogue {
    /// What fault injection emits.
    public static var faults: TelemetryCatalogue {
        let ended: [any DeclaredAttribute] = [
            Attribute.faultID, Attribute.faultKind, Attribute.faultPoint, Attribute.faultLabel,
            Attribute.faultInjections,
        ]
        return TelemetryCatalogue(
            attributes: [
                Attribute.faultID, Attribute.faultKind, Attribute.faultPoint, Attribute.faultLabel,
                Attribute.faultSeconds, Attribute.faultInjections,
            ],
            labels: [
                LabelDescriptor("fault", "The kind of fault."),
                LabelDescriptor("service", "The service whose process has the fault."),
            ],
            spanEvents: [
                SpanEventDescriptor(
                    "chaos.fault.injected", "A fault that was set on purpose hit what the span stands for.",
                    [Attribute.faultID, Attribute.faultKind])
            ],
            logEvents: [
                LogEventDescriptor(
                    "fault set", .warning, "From now on the process misbehaves on purpose.",
                    [
                        Attribute.faultID, Attribute.faultKind, Attribute.faultPoint, Attribute.faultLabel,
                        Attribute.faultSeconds,
                    ]),
                LogEventDescriptor("fault cleared", .info, "A fault was taken away before its time.", ended),
                LogEventDescriptor("fault expired", .info, "A fault's time is over.", ended),
            ])
    }
}
