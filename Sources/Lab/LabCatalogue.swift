package import Telemetry

extension LabMetrics {
    /// What the supervisor's process may emit: metrics alone. What it has to say goes to the terminal.
    package static var catalogue: TelemetryCatalogue {
        var catalogue = TelemetryCatalogue.telemetry
        catalogue.spanEvents = []
        catalogue.logEvents = []
        return catalogue
            + TelemetryCatalogue(labels: [
                LabelDescriptor(Self.processLabel, "The process of the lab."),
                LabelDescriptor(LabProcessState.labelName, "Where the process is in its life."),
                LabelDescriptor(LabRequest.labelName, "What was asked of the process."),
                LabelDescriptor(Self.experimentLabel, "The experiment."),
                LabelDescriptor(LabVerdict.labelName, "What the experiment came to."),
                LabelDescriptor(LabAlertStatus.labelName, "Whether the alert began, ended or was refused."),
            ])
    }
}
