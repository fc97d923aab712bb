extension Duration {
    /// Whole nanoseconds, 0 for what is negative and the greatest number for what is longer than 584 years.
    package var clampedNanoseconds: UInt64 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = self.components
        let (product, overflows) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflows else { return .max }
        let (sum, carries) = product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return carries ? .max : sum
    }

    /// A duration of so many nanoseconds.
    package init(clampedNanoseconds nanoseconds: UInt64) {
        self = .nanoseconds(Int64(clamping: nanoseconds))
    }
}

extension UInt64 {
    /// The difference, 0 where it would be negative: instants of different threads may be out of order.
    @inline(__always)
    func saturatingSubtract(_ other: UInt64) -> UInt64 { self > other ? self &- other : 0 }

    /// The sum, at most the greatest number: a deadline that far away never comes.
    @inline(__always)
    func saturatingAdd(_ other: UInt64) -> UInt64 {
        let (sum, overflows) = self.addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
