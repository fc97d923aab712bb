/// Series that nobody of the platform declares.
///
/// Source: Prometheus documentation, "Jobs and instances", "Alerting rules"; the metrics pages of Prometheus 2.42 and
/// Alertmanager 0.25.
extension MetricCatalogue {
    static let prometheus: [String: MetricEntry] = {
        var all: [String: MetricEntry] = [:]
        func add(_ kind: MetricEntry.Kind, _ unit: Dimension?, _ names: [String], _ labels: Set<String>? = []) {
            for name in names {
                all[name] = MetricEntry(
                    kind, unit: unit, labels: labels.map { $0.union(LabelKey.ofTargets) },
                    values: ["service": MetricEntry.services])
            }
        }
        add(.gauge, .count, ["up", "scrape_samples_scraped", "scrape_series_added"])
        add(.gauge, .count, ["scrape_samples_post_metric_relabeling"])
        add(.gauge, .second, ["scrape_duration_seconds"])
        add(.gauge, .count, ["target_info"], nil)
        add(.gauge, .count, Self.gauges)
        add(.counter, .count, Self.counters)
        add(.gauge, .second, Self.moments)
        add(.gauge, .byte, ["prometheus_tsdb_storage_blocks_bytes"])
        add(.gauge, .second, Self.ofGroups, ["rule_group"])
        add(.gauge, .count, ["prometheus_rule_group_rules"], ["rule_group"])
        add(.counter, .count, Self.countersOfGroups, ["rule_group"])
        add(.counter, .count, Self.countersOfReceivers, ["integration"])
        add(.counter, .count, Self.countersOfManagers, ["alertmanager"])
        add(.gauge, .count, ["alertmanager_alerts"], ["state"])
        add(.counter, .count, ["alertmanager_alerts_received_total"], ["status", "version"])
        add(.gauge, .second, ["prometheus_notifications_latency_seconds"], ["alertmanager", "quantile"])
        add(.counter, .second, ["prometheus_notifications_latency_seconds_sum"], ["alertmanager"])
        add(.counter, .count, ["prometheus_notifications_latency_seconds_count"], ["alertmanager"])
        all["ALERTS"] = MetricEntry(
            .gauge, unit: .count, labels: nil,
            values: [
                "alertstate": ["pending", "firing"], "severity": Set(AlertRule.Severity.allCases.map(\.rawValue)),
            ], isNeverZero: true)
        all["ALERTS_FOR_STATE"] = MetricEntry(.gauge, unit: .second, labels: nil)
        return all
    }()

    private static let gauges = [
        "prometheus_config_last_reload_successful", "prometheus_notifications_alertmanagers_discovered",
        "prometheus_notifications_queue_length", "prometheus_notifications_queue_capacity",
        "prometheus_tsdb_head_series", "prometheus_tsdb_head_chunks", "prometheus_ready",
        "alertmanager_config_last_reload_successful", "alertmanager_cluster_members",
    ]
    private static let counters = [
        "prometheus_notifications_dropped_total", "prometheus_tsdb_head_samples_appended_total",
        "prometheus_tsdb_compactions_failed_total", "prometheus_tsdb_wal_corruptions_total",
        "prometheus_tsdb_exemplar_exemplars_appended_total", "prometheus_tsdb_out_of_order_samples_total",
        "prometheus_target_scrapes_exceeded_sample_limit_total",
        "prometheus_target_scrapes_sample_duplicate_timestamp_total",
        "prometheus_target_scrapes_sample_out_of_order_total",
    ]
    private static let moments = [
        "prometheus_config_last_reload_success_timestamp_seconds",
        "alertmanager_config_last_reload_success_timestamp_seconds",
    ]
    private static let ofGroups = [
        "prometheus_rule_group_duration_seconds", "prometheus_rule_group_last_duration_seconds",
        "prometheus_rule_group_interval_seconds", "prometheus_rule_group_last_evaluation_timestamp_seconds",
    ]
    private static let countersOfGroups = [
        "prometheus_rule_evaluations_total", "prometheus_rule_evaluation_failures_total",
        "prometheus_rule_group_iterations_total", "prometheus_rule_group_iterations_missed_total",
    ]
    private static let countersOfReceivers = [
        "alertmanager_notifications_total", "alertmanager_notifications_failed_total",
    ]
    private static let countersOfManagers = [
        "prometheus_notifications_sent_total", "prometheus_notifications_errors_total",
    ]
}
