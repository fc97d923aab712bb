/// What is promised to customers about one journey.
package struct Objective: Sendable, Hashable {
    package enum Promise: Sendable, Hashable {
        /// The request is answered, and not because something failed.
        case availability
        /// The answer comes within so many seconds; a bound of the histogram's buckets that is no whole number, since
        /// those are written `1` by some and `1.0` by others.
        case latency(Double)
    }

    package let journey: CustomerJourney
    package let promise: Promise
    /// How many of 10,000 requests may miss it.
    package let budget: Int

    /// - Parameter target: the share that keeps the promise, in hundredths of a percent: 9990 is 99.9 %.
    package init(_ journey: CustomerJourney, _ promise: Promise, target: Int) {
        precondition((1..<10_000).contains(target), "\(target) leaves no budget, or no promise")
        // 14.4 times more than that is more than everything, and would never page.
        precondition(10_000 - target <= 690, "\(target) promises so little that no burn is fast")
        if case .latency(let bound) = promise {
            precondition(bound != bound.rounded(), "\(bound) s is written in more than one way")
        }
        self.journey = journey
        self.promise = promise
        self.budget = 10_000 - target
    }

    /// In days.
    package static let period = 30

    /// `checkout-availability`
    package var name: String {
        switch self.promise {
        case .availability: "\(self.journey.rawValue)-availability"
        case .latency: "\(self.journey.rawValue)-latency"
        }
    }

    /// As sloth makes it: the service, and the objective's name.
    package var id: String { "\(Self.service)-\(self.name)" }
    static let service = "shop"

    // Divided once, so that 0.1 % is written 0.001 and not 0.0009999999999999432.
    package var budgetRatio: Double { Double(self.budget) / 10_000 }
    package var targetRatio: Double { Double(10_000 - self.budget) / 10_000 }
    /// `99.9`
    var targetPercent: String { PromQL.text(Double(10_000 - self.budget) / 100) }
    /// `0.1`
    var budgetPercent: String { PromQL.text(Double(self.budget) / 100) }
}
