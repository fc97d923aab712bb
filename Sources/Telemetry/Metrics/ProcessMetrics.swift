/// Metrics of the process, read from `/proc/self` at each scrape, named as Prometheus' clients name them.
enum ProcessMetrics {
    static func register(in registry: MetricRegistry) {
        registry.observableCounter(
            CounterDescriptor<NoLabels>("process.cpu", unit: .seconds, help: "User and system CPU time spent.")
        ) { Self.one(ProcessStatistics.recent()?.cpuSeconds) }
        self.gauge("process.resident_memory", .bytes, "Resident memory size.", registry) {
            ProcessStatistics.recent().map { Double($0.residentBytes) }
        }
        self.gauge("process.virtual_memory", .bytes, "Virtual memory size.", registry) {
            ProcessStatistics.recent().map { Double($0.virtualBytes) }
        }
        self.gauge("process.threads", .count("thread"), "Threads of the process.", registry) {
            ProcessStatistics.recent().map { Double($0.threads) }
        }
        self.gauge("process.start_time", .seconds, "Start of the process, in Unix time.", registry) {
            ProcessStatistics.startUnixSeconds
        }
        self.gauge("process.open_fds", .count("fd"), "Open file descriptors.", registry) {
            ProcessStatistics.openDescriptors().map(Double.init)
        }
        self.gauge("process.max_fds", .count("fd"), "File descriptors the process may open.", registry) {
            ProcessStatistics.descriptorsMax().map(Double.init)
        }
    }

    private static func gauge(
        _ name: String, _ unit: MetricUnit, _ help: String, _ registry: MetricRegistry,
        _ read: @escaping @Sendable () -> Double?
    ) {
        registry.observableGauge(GaugeDescriptor<NoLabels>(name, unit: unit, help: help)) { self.one(read()) }
    }

    private static func one(_ value: Double?) -> [(NoLabels, Double)] { value.map { [(NoLabels(), $0)] } ?? [] }
}
