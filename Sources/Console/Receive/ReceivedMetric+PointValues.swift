extension ReceivedMetric {
    /// What a point may say, before it is known to say enough.
    struct PointValues {
        var number: Double?
        var count: UInt64 = 0
        var sum: Double?

        /// Nil without a number.
        var asNumber: Point? { self.number.map { .number($0) } }
        var asDistribution: Point? { .distribution(count: self.count, sum: self.sum) }
    }
}
