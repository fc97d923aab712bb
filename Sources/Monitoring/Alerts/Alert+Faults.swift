// What saturation, stores and the others write their conditions and runbooks with.

extension Runbook.Reproduction {
    /// Sets a fault at a process' admin port; docs/faults.md says what there is.
    ///
    /// - Parameter port: 9000 the gateway's, then user, product, cart, order.
    static func fault(_ says: String, at port: Int, _ fault: String) -> Runbook.Reproduction {
        .command(says, self.line(port, fault))
    }

    /// The same while more customers come than the lab's own, who are too few for some alerts.
    static func faultUnderLoad(_ says: String, at port: Int, _ fault: String) -> Runbook.Reproduction {
        .command(says, self.line(port, fault) + "\n.build/release/vitrine load --rate 15 --duration 60s")
    }

    private static func line(_ port: Int, _ fault: String) -> String {
        "curl -s -X POST http://127.0.0.1:\(port)/faults -d '\(fault)' "
            + "-H \"x-internal-token: $(cat .vitrine/internal-token)\""
    }
}

extension Series {
    /// Of a histogram: the share of what took longer than a bound, which must be one of a bucket.
    func slower(than bound: Double, _ window: PromDuration, by labels: [LabelKey]) -> PromQL {
        let all = self.count.rate(window).sum(by: labels)
        return .ratio(all - self.within(bound).rate(window).sum(by: labels), all)
    }
}
