/// Where the collector sends to. Queues and retries are bounded: what cannot be delivered is dropped and counted.
enum CollectorExporters {
    static var jaeger: CollectorConfiguration.Component {
        self.otlp(
            "otlp_grpc/jaeger", variable: "JAEGER_ENDPOINT", DeploymentHost.jaeger.at(DeploymentPort.otlpGRPC))
    }

    static var loki: CollectorConfiguration.Component {
        self.otlp(
            "otlp_http/loki", variable: "LOKI_ENDPOINT",
            "http://\(DeploymentHost.loki.at(DeploymentPort.loki))/otlp")
    }

    static var console: CollectorConfiguration.Component {
        self.otlp(
            "otlp_http/console", variable: "CONSOLE_ENDPOINT",
            "http://\(DeploymentHost.console.at(DeploymentPort.otlpHTTP))")
    }

    static var prometheus: CollectorConfiguration.Component {
        .init(
            .exporters, "prometheus",
            [
                "endpoint": .string(CollectorConfiguration.everywhere(DeploymentPort.collectorSpanMetrics)),
                // Exemplars exist in OpenMetrics alone.
                "enable_open_metrics": true,
                "metric_expiration": "5m",
                "without_scope_info": true,
            ],
            comment: """
                Attributes of resources become labels of target_info alone: the process's number and its host would
                make new series at every start.
                """)
    }

    /// - Parameter variable: of the environment, names another endpoint.
    private static func otlp(
        _ id: String, variable: String, _ endpoint: String
    ) -> CollectorConfiguration.Component {
        .init(
            .exporters, id,
            [
                "endpoint": .string("${env:\(variable):-\(endpoint)}"),
                "tls": ["insecure": true],
                "timeout": "5s",
                "retry_on_failure": [
                    "enabled": true, "initial_interval": "1s", "max_interval": "30s", "max_elapsed_time": "2m",
                ],
                // In spans or log records: about a kilobyte each.
                "sending_queue": [
                    "enabled": true, "sizer": "items", "queue_size": 50_000, "num_consumers": 4,
                    "block_on_overflow": false,
                ],
            ])
    }
}
