import Telemetry

/// The series of one database, looked up once, at zero from the start.
struct DatabaseMetrics: Sendable {
    let writer: PoolMetrics
    let readers: PoolMetrics
    let loops: PoolMetrics
    let succeededCommits: CounterSeries
    let failedCommits: CounterSeries
    let writesPerCommit: HistogramSeries
    let rollbacks: CounterSeries
    let checkpoints: CounterSeries
    let failedCheckpoints: CounterSeries
    let logFrames: GaugeSeries

    init(_ registry: MetricRegistry, namespace: String) {
        let max = DatabaseDescriptors.poolSeriesMax
        self.writer = PoolMetrics(registry, pool: "\(namespace).writer")
        self.readers = PoolMetrics(registry, pool: "\(namespace).readers")
        self.loops = PoolMetrics(registry, pool: "\(namespace).loops")
        let commits = registry.dynamicCounter(DatabaseDescriptors.commits, seriesMax: max)
        self.succeededCommits = commits.series([namespace, "succeeded"])
        self.failedCommits = commits.series([namespace, "failed"])
        let sizes = registry.dynamicHistogram(DatabaseDescriptors.writesPerCommit, seriesMax: max)
        self.writesPerCommit = sizes.series([namespace])
        self.rollbacks = registry.dynamicCounter(DatabaseDescriptors.rollbacks, seriesMax: max).series([namespace])
        let checkpoints = registry.dynamicCounter(DatabaseDescriptors.checkpoints, seriesMax: max)
        self.checkpoints = checkpoints.series([namespace, "succeeded"])
        self.failedCheckpoints = checkpoints.series([namespace, "failed"])
        self.logFrames = registry.dynamicGauge(DatabaseDescriptors.logFrames, seriesMax: max).series([namespace])
    }

    func recordCommit(size: Int, succeeded: Bool) {
        if succeeded { self.succeededCommits.add(1) } else { self.failedCommits.add(1) }
        self.writesPerCommit.record(Double(size))
    }
}

/// The series of one pool of connections, as the semantic conventions name them.
struct PoolMetrics: Sendable {
    let idle: UpDownCounterSeries
    let used: UpDownCounterSeries
    let max: GaugeSeries
    let pending: UpDownCounterSeries
    let rejections: CounterSeries
    let waitTime: HistogramSeries
    let useTime: HistogramSeries

    init(_ registry: MetricRegistry, pool: String) {
        let max = DatabaseDescriptors.poolSeriesMax
        let count = registry.dynamicUpDownCounter(DatabaseDescriptors.connectionCount, seriesMax: max)
        self.idle = count.series([pool, "idle"])
        self.used = count.series([pool, "used"])
        self.max = registry.dynamicGauge(DatabaseDescriptors.connectionMax, seriesMax: max).series([pool])
        self.pending = registry.dynamicUpDownCounter(DatabaseDescriptors.pendingRequests, seriesMax: max).series([pool])
        self.rejections = registry.dynamicCounter(DatabaseDescriptors.rejections, seriesMax: max).series([pool])
        self.waitTime = registry.dynamicHistogram(DatabaseDescriptors.waitTime, seriesMax: max).series([pool])
        self.useTime = registry.dynamicHistogram(DatabaseDescriptors.useTime, seriesMax: max).series([pool])
    }

    func opened() { self.idle.add(1) }
    func closed() { self.idle.add(-1) }

    func taken() {
        self.idle.add(-1)
        self.used.add(1)
    }

    func givenBack() {
        self.used.add(-1)
        self.idle.add(1)
    }
}
