public import Telemetry

extension LoadRun {
    /// What a process that runs load may emit: metrics alone. It makes no spans, though its requests begin traces, and
    /// writes no log lines.
    public static var catalogue: TelemetryCatalogue {
        var catalogue = TelemetryCatalogue.telemetry
        catalogue.spanEvents = []
        catalogue.logEvents = []
        return catalogue
            + TelemetryCatalogue(labels: [
                LabelDescriptor("step", "The request of a journey, by what it asks for."),
                LabelDescriptor("journey", "What a customer comes for."),
            ])
    }
}
