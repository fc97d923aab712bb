/// Metrics of the process, read from `/proc/self` at each scrape, named as Prometheus' clients name them; and its clock.
package enum ProcessMetrics {
    package static let processorTime = CounterDescriptor<NoLabels>(
        "process.cpu", unit: .seconds, help: "User and system CPU time spent.")
    package static let residentMemory = GaugeDescriptor<NoLabels>(
        "process.resident_memory", unit: .bytes, help: "Resident memory size.")
    package static let virtualMemory = GaugeDescriptor<NoLabels>(
        "process.virtual_memory", unit: .bytes, help: "Virtual memory size.")
    package static let threads = GaugeDescriptor<NoLabels>(
        "process.threads", unit: .count("thread"), help: "Threads of the process.")
    package static let startTime = GaugeDescriptor<NoLabels>(
        "process.start_time", unit: .seconds, help: "Start of the process, in Unix time.")
    /// Ours: with it Prometheus sees, by its own `timestamp()`, how far the clocks of two machines are apart.
    package static let clock = GaugeDescriptor<NoLabels>(
        "shop.process.clock", unit: .seconds, help: "The wall clock of the process at the scrape, in Unix time.")
    package static let openDescriptors = GaugeDescriptor<NoLabels>(
        "process.open_fds", unit: .count("fd"), help: "Open file descriptors.")
    package static let descriptorsMax = GaugeDescriptor<NoLabels>(
        "process.max_fds", unit: .count("fd"), help: "File descriptors the process may open.")

    static func register(in registry: MetricRegistry) {
        registry.observableCounter(self.processorTime) { self.one(ProcessStatistics.recent()?.cpuSeconds) }
        registry.observableGauge(self.residentMemory) {
            self.one(ProcessStatistics.recent().map { Double($0.residentBytes) })
        }
        registry.observableGauge(self.virtualMemory) {
            self.one(ProcessStatistics.recent().map { Double($0.virtualBytes) })
        }
        registry.observableGauge(self.threads) { self.one(ProcessStatistics.recent().map { Double($0.threads) }) }
        registry.observableGauge(self.startTime) { self.one(ProcessStatistics.startUnixSeconds) }
        let now = registry.now
        registry.observableGauge(self.clock) { self.one(Double(now()) * 1e-9) }
        registry.observableGauge(self.openDescriptors) {
            self.one(ProcessStatistics.openDescriptors().map(Double.init))
        }
        registry.observableGauge(self.descriptorsMax) {
            self.one(ProcessStatistics.descriptorsMax().map(Double.init))
        }
    }

    private static func one(_ value: Double?) -> [(NoLabels, Double)] { value.map { [(NoLabels(), $0)] } ?? [] }
}
