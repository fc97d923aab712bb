import Telemetry

extension CollectorConfiguration {
    /// The version of the contrib distribution whose names of parts and fields are used.
    package static let version = "0.159.0"

    /// The platform's collector: traces to Jaeger, logs to Loki, and metrics counted in spans for Prometheus to scrape.
    ///
    /// Spans are counted before they are sampled, or rates and errors would be those of the sample.
    package static var vitrine: CollectorConfiguration {
        CollectorConfiguration(
            components: [
                self.receiver, self.memoryLimiter, Redaction.attributes, Redaction.spanEvents, TailSampling.processor,
                self.batch, self.spanMetrics, self.serviceGraph, self.forward, CollectorExporters.jaeger,
                CollectorExporters.loki, CollectorExporters.prometheus, self.healthCheck,
            ],
            pipelines: [
                Pipeline(
                    "traces/all", from: ["otlp"], through: ["memory_limiter", "redaction", "transform/span_events"],
                    to: ["span_metrics", "servicegraph", "forward"]),
                Pipeline(
                    "traces/sampled", from: ["forward"], through: ["tail_sampling", "batch"],
                    to: ["otlp_grpc/jaeger"]),
                Pipeline(
                    "logs", from: ["otlp"], through: ["memory_limiter", "redaction", "batch"], to: ["otlp_http/loki"]),
                // Made here and kept in memory anyway: refusing or batching them would gain nothing.
                Pipeline("metrics/spans", from: ["span_metrics", "servicegraph"], through: [], to: ["prometheus"]),
            ],
            extensions: ["health_check"], telemetry: self.ownTelemetry)
    }

    /// With all traces, logs and pushed metrics sent to a console too.
    package static var withConsole: CollectorConfiguration {
        var configuration = self.vitrine
        let console = CollectorExporters.console
        configuration.components.append(console)
        for index in configuration.pipelines.indices
        where ["traces/sampled", "logs"].contains(configuration.pipelines[index].id) {
            configuration.pipelines[index].exporters.append(console.id)
        }
        // Prometheus scrapes the services: what they push besides must not reach it a second time.
        configuration.pipelines.append(
            Pipeline("metrics/pushed", from: ["otlp"], through: ["memory_limiter", "batch"], to: [console.id]))
        return configuration
    }

    // MARK: In

    /// No cross-origin requests: browsers send nothing here. Sizes bound what a request may hold in memory.
    private static var receiver: Component {
        Component(
            .receivers, "otlp",
            [
                "protocols": [
                    "grpc": [
                        "endpoint": .string(self.everywhere(DeploymentPort.otlpGRPC)),
                        "max_recv_msg_size_mib": 8,
                        "max_concurrent_streams": 128,
                    ],
                    "http": [
                        "endpoint": .string(self.everywhere(DeploymentPort.otlpHTTP)),
                        "max_request_body_size": .int(8 * 1_024 * 1_024),
                        "read_header_timeout": "10s",
                        "read_timeout": "30s",
                        "idle_timeout": "2m",
                    ],
                ]
            ])
    }

    static func everywhere(_ port: Int) -> String { "0.0.0.0:\(port)" }

    // MARK: Through

    private static var memoryLimiter: Component {
        Component(
            .processors, "memory_limiter",
            ["check_interval": "1s", "limit_percentage": 75, "spike_limit_percentage": 20],
            comment: """
                Of the container's limit. Beyond it senders are refused; the platform's keep what they have on disk and try
                again. Set GOMEMLIMIT to 80 % of the container's limit too.
                """)
    }

    private static var batch: Component {
        Component(
            .processors, "batch",
            ["timeout": "1s", "send_batch_size": 1_024, "send_batch_max_size": 2_048])
    }

    // MARK: Connectors

    private static var spanMetrics: Component {
        Component(
            .connectors, "span_metrics",
            [
                "namespace": .string(self.spanMetricsNamespace),
                "histogram": ["unit": "s", "explicit": ["buckets": self.buckets]],
                "dimensions": .list(
                    [Attribute.httpResponseStatusCode.descriptor.key, Attribute.errorType.descriptor.key]
                        .map { ["name": .string($0)] }),
                "exemplars": ["enabled": true, "max_per_data_point": 5],
                "aggregation_cardinality_limit": 5_000,
                "resource_metrics_cache_size": 200,
                "resource_metrics_key_attributes": .list(
                    [Attribute.serviceName.descriptor.key, Attribute.serviceInstanceID.descriptor.key]
                        .map(YAML.string)),
                "metrics_flush_interval": "15s",
                "metrics_expiration": "5m",
            ],
            comment: """
                Besides these dimensions each series has service.name, span.name, span.kind and status.code. Names of spans
                are templates, never paths.
                """)
    }

    static let spanMetricsNamespace = "traces.span.metrics"

    private static var serviceGraph: Component {
        Component(
            .connectors, "servicegraph",
            [
                "latency_histogram_buckets": self.buckets,
                "store": ["ttl": "10s", "max_items": 10_000],
                "cache_loop": "1m",
                "store_expiration_loop": "2s",
                "metrics_flush_interval": "15s",
                "database_name_attributes": [.string(Attribute.dbNamespace.descriptor.key)],
            ],
            comment:
                "The two sides of a call come in different requests: the time to live is longer than an export waits.")
    }

    private static var forward: Component { Component(.connectors, "forward", [:]) }

    /// Those of the services' own histograms, so that the two can be compared.
    private static var buckets: YAML {
        .list(
            Buckets.requestSeconds.map {
                .string(PromDuration.milliseconds(Int(($0 * 1_000).rounded())).text)
            })
    }

    // MARK: About itself

    private static var healthCheck: Component {
        Component(
            .extensions, "health_check", ["endpoint": .string(self.everywhere(DeploymentPort.collectorHealth))])
    }

    private static var ownTelemetry: YAML {
        [
            "logs": ["level": "info", "encoding": "json"],
            "metrics": [
                "level": "normal",
                "readers": [
                    [
                        "pull": [
                            "exporter": [
                                "prometheus": [
                                    "host": "0.0.0.0", "port": .int(DeploymentPort.collectorOwnMetrics),
                                ]
                            ]
                        ]
                    ]
                ],
            ],
        ]
    }
}
