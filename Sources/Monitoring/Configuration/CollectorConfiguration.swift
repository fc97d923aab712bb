/// The configuration of an OpenTelemetry collector as a value: its parts by name, and the pipelines they form.
///
/// Source: OpenTelemetry documentation, "Collector configuration".
package struct CollectorConfiguration: Sendable, Hashable {
    /// The sections that declare parts. A connector ends one pipeline and begins another.
    package enum Section: String, Sendable, Hashable, CaseIterable {
        case receivers, processors, connectors, exporters, extensions
    }

    package struct Component: Sendable, Hashable {
        package let section: Section
        /// `type` or `type/name`
        package let id: String
        package let settings: YAML
        /// Lines that say why.
        package let comment: String

        package init(_ section: Section, _ id: String, _ settings: YAML, comment: String = "") {
            self.section = section
            self.id = id
            self.settings = settings
            self.comment = comment
        }
    }

    /// `traces/sampled`: from receivers, through processors in their order, to exporters.
    package struct Pipeline: Sendable, Hashable {
        package let id: String
        package var receivers: [String]
        package var processors: [String]
        package var exporters: [String]

        package init(_ id: String, from receivers: [String], through processors: [String], to exporters: [String]) {
            self.id = id
            self.receivers = receivers
            self.processors = processors
            self.exporters = exporters
        }
    }

    package var components: [Component]
    package var pipelines: [Pipeline]
    /// The extensions that are started, in their order.
    package var extensions: [String]
    /// What the collector tells of itself.
    package var telemetry: YAML

    package init(components: [Component], pipelines: [Pipeline], extensions: [String], telemetry: YAML) {
        self.components = components
        self.pipelines = pipelines
        self.extensions = extensions
        self.telemetry = telemetry
    }
}

extension CollectorConfiguration {
    package var document: YAML {
        let service: [YAML.Pair] = [
            .init("extensions", .list(self.extensions.map(YAML.string))),
            .init("telemetry", self.telemetry),
            .init("pipelines", .map(self.pipelines.map(\.pair))),
        ]
        return .map(Self.sections(self.components) + [.init("service", .map(service))])
    }

    /// What must be laid over `base` to get this one: the collector merges maps by key and replaces lists.
    ///
    /// - Precondition: nothing of `base` is missing here or declared in another way.
    package func overlay(on base: CollectorConfiguration) -> YAML {
        precondition(Set(base.components).isSubset(of: self.components), "an overlay takes nothing away")
        let added = self.components.filter { !base.components.contains($0) }
        let changed = self.pipelines.filter { !base.pipelines.contains($0) }
        return .map(
            Self.sections(added) + [.init("service", .map([.init("pipelines", .map(changed.map(\.pair)))]))])
    }

    private static func sections(_ components: [Component]) -> [YAML.Pair] {
        Section.allCases.compactMap { section in
            let own = components.filter { $0.section == section }
            guard !own.isEmpty else { return nil }
            return .init(
                section.rawValue, .map(own.map { YAML.Pair($0.id, $0.settings, comment: $0.comment) }))
        }
    }
}

extension CollectorConfiguration.Pipeline {
    fileprivate var pair: YAML.Pair {
        .init(
            self.id,
            .map([
                .init("receivers", .list(self.receivers.map(YAML.string))),
                .init("processors", .list(self.processors.map(YAML.string))),
                .init("exporters", .list(self.exporters.map(YAML.string))),
            ]))
    }
}
