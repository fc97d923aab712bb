/// The load second by second, for the chart and the report.
struct SecondSeries {
    struct Second: Hashable {
        var requests = 0
        var errors = 0
        /// In milliseconds; nil without a request.
        var p99: Double?
    }

    let seconds: [Second]

    init(_ record: RunRecord) {
        let end = record.phases[.run].map { $0.end.isFinite ? $0.end : record.outcomes.last?.at ?? 0 } ?? 0
        let count = Int(end.rounded(.up))
        var seconds = [Second](repeating: Second(), count: count)
        var times = [[Double]](repeating: [], count: count)
        for outcome in record.outcomes {
            let index = Int(outcome.at)
            guard outcome.at >= 0, index < count else { continue }
            seconds[index].requests += 1
            if outcome.isError { seconds[index].errors += 1 }
            times[index].append(outcome.seconds * 1_000)
        }
        for index in seconds.indices { seconds[index].p99 = times[index].quantile(0.99) }
        self.seconds = seconds
    }
}
