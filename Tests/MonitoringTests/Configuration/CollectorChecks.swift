import Monitoring

/// What is wrong with how a collector's parts are put together; the collector itself refuses some of it, and the rest
/// would lose data without a word.
enum CollectorChecks {
    static func problems(of configuration: CollectorConfiguration) -> [String] {
        self.declarations(configuration) + self.connectors(configuration) + self.order(configuration)
            + self.sampling(configuration)
    }

    private typealias Section = CollectorConfiguration.Section

    private static func ids(_ configuration: CollectorConfiguration, _ sections: Section...) -> [String] {
        configuration.components.filter { sections.contains($0.section) }.map(\.id)
    }

    /// What is named is declared, what is declared is used, and nothing is declared twice.
    private static func declarations(_ configuration: CollectorConfiguration) -> [String] {
        let uses: [(named: [String], declared: [String])] = [
            (configuration.pipelines.flatMap(\.receivers), self.ids(configuration, .receivers, .connectors)),
            (configuration.pipelines.flatMap(\.processors), self.ids(configuration, .processors)),
            (configuration.pipelines.flatMap(\.exporters), self.ids(configuration, .exporters, .connectors)),
            (configuration.extensions, self.ids(configuration, .extensions)),
        ]
        var problems: [String] = []
        for use in uses {
            problems += Set(use.named).subtracting(use.declared).sorted().map { "\($0) is not declared" }
            problems += Set(use.declared).subtracting(use.named).sorted().map { "\($0) is not used" }
        }
        let names = Section.allCases.flatMap { self.ids(configuration, $0) } + configuration.pipelines.map(\.id)
        return problems + self.repeated(names).map { "\($0) is declared twice" }
    }

    static func repeated<T: Hashable>(_ values: [T]) -> [T] {
        var seen: Set<T> = []
        return values.filter { !seen.insert($0).inserted }
    }

    /// A connector ends one pipeline, and begins another.
    private static func connectors(_ configuration: CollectorConfiguration) -> [String] {
        self.ids(configuration, .connectors).flatMap { id -> [String] in
            let ends = configuration.pipelines.filter { $0.exporters.contains(id) }.map(\.id)
            let begins = configuration.pipelines.filter { $0.receivers.contains(id) }.map(\.id)
            var problems: [String] = []
            if ends.isEmpty { problems.append("nothing leads into \(id)") }
            if begins.isEmpty { problems.append("nothing comes out of \(id)") }
            if !Set(ends).isDisjoint(with: begins) { problems.append("\(id) leads back into its own pipeline") }
            return problems
        }
    }

    /// The limiter comes first where data comes in, redaction before anything leaves, and batching last.
    private static func order(_ configuration: CollectorConfiguration) -> [String] {
        configuration.pipelines.flatMap { pipeline -> [String] in
            var problems: [String] = []
            let processors = pipeline.processors
            if pipeline.receivers.contains("otlp") {
                if processors.first != "memory_limiter" { problems.append("\(pipeline.id) is not limited first") }
                if !pipeline.id.hasPrefix("metrics"), !processors.contains("redaction") {
                    problems.append("\(pipeline.id) is not redacted")
                }
            }
            if let index = processors.firstIndex(of: "batch"), index != processors.count - 1 {
                problems.append("\(pipeline.id) goes on after batching")
            }
            let isSent = pipeline.exporters.contains { $0.hasPrefix("otlp") }
            if isSent, !processors.contains("batch") { problems.append("\(pipeline.id) is sent unbatched") }
            return problems
        }
    }

    /// Spans are counted where none has been dropped yet.
    private static func sampling(_ configuration: CollectorConfiguration) -> [String] {
        let counting = configuration.pipelines.filter {
            $0.exporters.contains("span_metrics") || $0.exporters.contains("servicegraph")
        }
        return counting.filter { pipeline in
            pipeline.processors.contains("tail_sampling") || !pipeline.receivers.contains("otlp")
        }.map { "\($0.id) counts spans of a sample" }
    }
}
