/// One job of Prometheus': where its targets are found, and how much they may send.
struct ScrapeConfiguration: Sendable {
    enum Discovery: Sendable {
        case fixed([ScrapeTarget])
        /// Pods of the own namespace whose label `app.kubernetes.io/component` is one of these.
        case pods(components: [String])
    }
    let job: ScrapeJob
    let discovery: Discovery

    /// One for each job that has a target, in the order of the jobs.
    static func fixed(_ targets: [ScrapeTarget]) -> [ScrapeConfiguration] {
        ScrapeJob.allCases.compactMap { job in
            let own = targets.filter { $0.job == job }
            return own.isEmpty ? nil : ScrapeConfiguration(job: job, discovery: .fixed(own))
        }
    }

    var document: YAML {
        var pairs: [YAML.Pair] = [
            .init("job_name", .string(self.job.rawValue)),
            .init("honor_labels", .bool(self.job.honorsLabels)),
        ]
        pairs += self.limits
        switch self.discovery {
        case .fixed(let targets): pairs.append(.init("static_configs", .list(targets.map(Self.fixed))))
        case .pods(let components): pairs += PodDiscovery(components: components).pairs
        }
        if self.job == .spans { pairs.append(self.withoutCollectorInstance) }
        return .map(pairs)
    }

    /// A target that goes astray is refused whole and seen to be down, rather than filling the disk.
    private var limits: [YAML.Pair] {
        [
            .init("sample_limit", .int(self.job.samplesMax)),
            .init("body_size_limit", "16MB"),
            .init("label_limit", 64),
            .init("label_name_length_limit", 128),
            // `target_info` has paths and kernel versions.
            .init("label_value_length_limit", 1_024),
        ]
    }

    private static func fixed(_ target: ScrapeTarget) -> YAML {
        ["targets": [.string(target.address)], "labels": ["service": .string(target.service)]]
    }

    /// The span metrics bear a random id of the collector's process: new series at every start, and `instance` says it.
    private var withoutCollectorInstance: YAML.Pair {
        .init("metric_relabel_configs", [["action": "labeldrop", "regex": "collector_instance_id"]])
    }
}

/// Kubernetes' pods as targets.
///
/// Source: Prometheus documentation, "Configuration", `kubernetes_sd_config`; Kubernetes documentation, "Recommended
/// Labels".
struct PodDiscovery: Sendable {
    let components: [String]

    var pairs: [YAML.Pair] {
        [
            .init(
                "kubernetes_sd_configs",
                [
                    [
                        "role": "pod",
                        "namespaces": ["own_namespace": true],
                        "selectors": [["role": "pod", "label": "app.kubernetes.io/part-of=vitrine"]],
                    ]
                ]),
            .init("relabel_configs", .list(self.relabelling)),
        ]
    }

    private var relabelling: [YAML] {
        let component = "__meta_kubernetes_pod_label_app_kubernetes_io_component"
        return [
            Self.keep(component, self.components.joined(separator: "|")),
            Self.keep("__meta_kubernetes_pod_container_port_name", DeploymentPort.adminName),
            // A pod that has ended keeps its address for a while.
            Self.keep("__meta_kubernetes_pod_phase", "Running"),
            Self.label("service", from: component),
            // A pod's name outlives its address, and is what `kubectl` is given.
            Self.label("instance", from: "__meta_kubernetes_pod_name"),
            Self.label("namespace", from: "__meta_kubernetes_namespace"),
            Self.label("node", from: "__meta_kubernetes_pod_node_name"),
        ]
    }

    private static func keep(_ label: String, _ pattern: String) -> YAML {
        ["action": "keep", "source_labels": [.string(label)], "regex": .string(pattern)]
    }

    private static func label(_ name: String, from source: String) -> YAML {
        ["action": "replace", "source_labels": [.string(source)], "target_label": .string(name)]
    }
}
