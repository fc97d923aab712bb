package import Telemetry

/// What the console's process may emit: metrics and a few log lines. It makes no spans: they would come back to it.
package enum ConsoleCatalogue {
    package static var catalogue: TelemetryCatalogue {
        var catalogue = TelemetryCatalogue.telemetry
        catalogue.spanEvents = []
        return catalogue
            + TelemetryCatalogue(
                attributes: [
                    Attribute.serverAddress, Attribute.errorMessage, Attribute.receiverAddress,
                    Attribute.restoredItems,
                ],
                labels: [
                    LabelDescriptor(ReceivedSignal.labelName, "Traces, logs or metrics."),
                    LabelDescriptor(ReceiverMetrics.Encoding.labelName, "How a request is written."),
                    LabelDescriptor(ReceiverMetrics.Outcome.labelName, "What became of it."),
                    LabelDescriptor(OTLPRefusal.labelName, "Why an item is refused."),
                    LabelDescriptor(OTLPCut.labelName, "What is left out."),
                ],
                logEvents: [
                    LogEventDescriptor(
                        "console started", .info, "All listeners answer.",
                        [Attribute.serverAddress, Attribute.receiverAddress]),
                    LogEventDescriptor(
                        "telemetry restored", .info, "What was held before a restart is held again.",
                        [Attribute.restoredItems]),
                    LogEventDescriptor(
                        "telemetry not saved", .warning, "The file for the next run could not be written.",
                        [Attribute.errorMessage]),
                    LogEventDescriptor("console stopped", .info, "All listeners are closed.", []),
                    LogEventDescriptor(
                        "telemetry refused", .info, "A request of OTLP could not be taken.", [Attribute.errorMessage]),
                ])
    }
}

extension Attribute {
    static var restoredItems: AttributeKey<Int> {
        .init("shop.console.restored", .ours, "Spans and log records that were read from the file.")
    }
    static var receiverAddress: AttributeKey<String> {
        .init("shop.console.receiver.address", .ours, "Where telemetry is taken.")
    }
}
