import Telemetry

/// Loki as one process over a folder.
///
/// Source: Loki documentation, "Configuration" (3.x), "Log retention", "Ingesting logs to Loki using OpenTelemetry".
package enum LokiConfiguration {
    /// How long log lines are kept; a multiple of a day.
    package static let retentionHours = 168

    package static var document: YAML {
        [
            "auth_enabled": false,
            "server": [
                "http_listen_port": .int(DeploymentPort.loki), "grpc_listen_port": .int(DeploymentPort.lokiGRPC),
                "log_level": "warn",
            ],
            "common": [
                "instance_addr": "127.0.0.1", "path_prefix": "/loki", "replication_factor": 1,
                "storage": [
                    "filesystem": ["chunks_directory": "/loki/chunks", "rules_directory": "/loki/rules"]
                ],
                "ring": ["kvstore": ["store": "inmemory"]],
            ],
            "schema_config": [
                "configs": [
                    [
                        "from": "2024-04-01", "store": "tsdb", "object_store": "filesystem", "schema": "v13",
                        "index": ["prefix": "index_", "period": "24h"],
                    ]
                ]
            ],
            "limits_config": self.limits,
            "compactor": [
                "working_directory": "/loki/compactor", "compaction_interval": "10m", "retention_enabled": true,
                "retention_delete_delay": "2h", "delete_request_store": "filesystem",
            ],
            "query_range": [
                "results_cache": ["cache": ["embedded_cache": ["enabled": true, "max_size_mb": 64]]]
            ],
            "analytics": ["reporting_enabled": false],
        ]
    }

    private static var limits: YAML {
        [
            "retention_period": .string("\(self.retentionHours)h"),
            "reject_old_samples": true,
            "reject_old_samples_max_age": .string("\(self.retentionHours)h"),
            "ingestion_rate_mb": 8,
            "ingestion_burst_size_mb": 16,
            "max_line_size": "256KB",
            "max_global_streams_per_user": 1_000,
            "max_entries_limit_per_query": 5_000,
            "allow_structured_metadata": true,
            "volume_enabled": true,
            "otlp_config": [
                "resource_attributes": [
                    // The defaults have the process's id among them: a stream for each start.
                    "ignore_defaults": true,
                    "attributes_config": [
                        ["action": "index_label", "attributes": .list(self.indexed.map(YAML.string))]
                    ],
                ]
            ],
        ]
    }

    /// Few values each; everything else is kept beside the line, and found without an index.
    private static var indexed: [String] {
        [Attribute.serviceName.descriptor.key, Attribute.k8sNamespaceName.descriptor.key]
    }
}

/// Jaeger 2, traces in memory.
///
/// Source: Jaeger documentation, "Configuration" (2.x): it is a collector, with parts of its own.
package enum JaegerConfiguration {
    /// The oldest are forgotten; about 10 KB each.
    package static let tracesMax = 50_000

    package static var document: YAML {
        [
            "service": [
                "extensions": ["jaeger_storage", "jaeger_query", "healthcheckv2"],
                "pipelines": [
                    "traces": [
                        "receivers": ["otlp"], "processors": ["batch"], "exporters": ["jaeger_storage_exporter"],
                    ]
                ],
                "telemetry": [
                    "resource": ["service.name": "jaeger"],
                    "logs": ["level": "info"],
                    "metrics": ["level": "normal", "readers": [["pull": ["exporter": ["prometheus": self.scraped]]]]],
                ],
            ],
            "extensions": [
                "healthcheckv2": [
                    "use_v2": true,
                    "http": ["endpoint": .string(self.everywhere(DeploymentPort.collectorHealth))],
                ],
                "jaeger_query": [
                    "storage": ["traces": "traces", "metrics": "span_metrics"],
                    "grpc": ["endpoint": .string(self.everywhere(DeploymentPort.jaegerQueryGRPC))],
                    "http": ["endpoint": .string(self.everywhere(DeploymentPort.jaegerQuery))],
                ],
                "jaeger_storage": [
                    "backends": ["traces": ["memory": ["max_traces": .int(self.tracesMax)]]],
                    "metric_backends": ["span_metrics": ["prometheus": self.spanMetrics]],
                ],
            ],
            "receivers": [
                "otlp": [
                    "protocols": ["grpc": ["endpoint": .string(self.everywhere(DeploymentPort.otlpGRPC))]]
                ]
            ],
            "processors": ["batch": [:]],
            "exporters": ["jaeger_storage_exporter": ["trace_storage": "traces"]],
        ]
    }

    private static func everywhere(_ port: Int) -> String { CollectorConfiguration.everywhere(port) }

    private static var scraped: YAML { ["host": "0.0.0.0", "port": .int(DeploymentPort.jaegerMetrics)] }

    /// What the collector has counted, where Prometheus keeps it.
    private static var spanMetrics: YAML {
        [
            "endpoint": .string("http://\(DeploymentHost.prometheus.at(DeploymentPort.prometheus))"),
            "metric_namespace": .string(
                CollectorConfiguration.spanMetricsNamespace.split(separator: ".").joined(separator: "_")),
            "normalize_calls": true, "normalize_duration": true, "latency_unit": "s",
        ]
    }
}
