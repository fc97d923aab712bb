public import Telemetry

extension LabelDescriptor {
    public static let limiter = LabelDescriptor("limiter", "What the limit is counted on.")
    /// Shared by metrics of several modules, because a document has one row for each label.
    public static let state = LabelDescriptor("state", "The state it is in: a breaker's, or that of units of stock.")
}

extension TelemetryCatalogue {
    private static var transition: [any DeclaredAttribute] {
        [
            Attribute.breakerName, Attribute.breakerFrom, Attribute.breakerState, Attribute.breakerReason,
            Attribute.breakerFailureRatio, Attribute.breakerSlowRatio,
        ]
    }

    /// What the parts of this library emit besides metrics.
    public static var resilience: TelemetryCatalogue {
        TelemetryCatalogue(
            attributes: Attribute.resilience,
            labels: [
                LabelDescriptor("breaker", "The circuit breaker: the upstream it guards."),
                LabelDescriptor("from", "The state the breaker left."),
                LabelDescriptor("to", "The state the breaker came into."),
                LabelDescriptor("client", "The upstream that is called."),
                LabelDescriptor("bulkhead", "What the bound of calls in flight is for."),
                LabelDescriptor("priority", "How much a request matters."),
                LabelDescriptor("fallback", "What stale answers are kept of."),
                .limiter, .outcome, .state,
            ],
            spanEvents: [
                SpanEventDescriptor(
                    "circuit changed", "The call made a breaker change its state.", self.transition)
            ],
            logEvents: [
                LogEventDescriptor(
                    "circuit opened", .warning, "A breaker refuses calls from now on.", self.transition),
                LogEventDescriptor("circuit changed", .info, "A breaker changed its state.", self.transition),
            ])
    }
}
