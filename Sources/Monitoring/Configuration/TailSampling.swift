import Telemetry

/// Which traces are kept, decided when they are whole: any one reason is enough.
enum TailSampling {
    /// A bound of the services' histograms, so that every exemplar beyond it leads to a trace that was kept.
    static let slowSeconds = 0.5

    static var processor: CollectorConfiguration.Component {
        .init(
            .processors, "tail_sampling",
            [
                "decision_wait": "10s",
                "num_traces": 50_000,
                "expected_new_traces_per_sec": 100,
                "decision_cache": ["sampled_cache_size": 100_000, "non_sampled_cache_size": 100_000],
                "policies": .list([self.errors, self.slow, self.chaos, self.share]),
            ],
            comment: """
                All spans of a trace must come to the same collector: with several, balance by trace id in front of them.
                The decision waits for longer than an exporter holds a batch back, which is 5 s.
                """)
    }

    private static var errors: YAML {
        ["name": "errors", "type": "status_code", "status_code": ["status_codes": ["ERROR"]]]
    }

    private static var slow: YAML {
        [
            "name": "slow", "type": "latency",
            "latency": ["threshold_ms": .int(Int(self.slowSeconds * 1_000))],
        ]
    }

    /// What a fault that was set on purpose has hit, though it was borne.
    private static var chaos: YAML {
        let event = PromQL.quoted(Signals.injectedFault)
        return [
            "name": "chaos", "type": "ottl_condition",
            "ottl_condition": ["error_mode": "ignore", "spanevent": [.string("name == \(event)")]],
        ]
    }

    private static var share: YAML {
        [
            "name": "share-of-the-rest", "type": "probabilistic",
            "probabilistic": ["sampling_percentage": "${env:TRACES_KEPT_PERCENT:-10}"],
        ]
    }
}
