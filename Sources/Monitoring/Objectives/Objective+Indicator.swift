import ServiceKit
import Telemetry

/// What is counted: requests as the gateway answered them.
extension Objective {
    private static let window = ObjectiveWindow.fiveMinutes.duration
    /// Whatever failed behind the gateway, shed load and timeouts among it, is a 5xx by the time a customer sees it.
    private static let failures = "5.."
    /// A customer who asks too often, or a robot, is told so: that is neither the shop's failure nor a request it
    /// served, and a flood of them must not thin out the errors that others meet.
    private static let refusals = "429"

    private var counted: [LabelCondition] {
        switch self.promise {
        case .availability:
            self.journey.requests.conditions + [.isNot(.responseStatus, Self.refusals)]
        case .latency:
            // A failure that is quick is no success, and one that is slow is counted once, as a failure.
            self.journey.requests.filter(\.isTimed).conditions
                + [.matchesNot(.responseStatus, "\(Self.failures)|\(Self.refusals)")]
        }
    }

    private var served: Series {
        Series(
            HTTPMetrics.serverDuration, where: [.is(.service, ServiceName.gateway.rawValue)] + self.counted)
    }

    /// Requests a second; 0 while the gateway is scraped and none of its series is about them, since they begin with
    /// the first request; nothing while it is not scraped.
    var requestRate: PromQL {
        let isScraped = PromQL.named("up", .is(.service, ServiceName.gateway.rawValue)).equals(1).max()
        return self.served.count.rate(Self.window).sum().or(isScraped * 0)
    }

    /// Those of them that missed the promise, a second; 0 where there is none.
    var errorRate: PromQL {
        // The first of its kind makes its series, and the others have none.
        self.missed.or(self.series(SlothSeries.requestRate).sum() * 0)
    }

    private var missed: PromQL {
        switch self.promise {
        case .availability:
            return self.served.where(.matches(.responseStatus, Self.failures)).count.rate(Self.window).sum()
        case .latency(let bound):
            let all = self.served.count.rate(Self.window).sum()
            let quick = self.served.within(bound).rate(Self.window).sum()
            // A scrape between the two of one observation would show more quick ones than there are.
            return .call("clamp_min", [all - quick, .number(0)])
        }
    }
}

extension LabelKey {
    static let requestMethod = LabelKey(Attribute.httpRequestMethod)
    static let route = LabelKey(Attribute.httpRoute)
    static let responseStatus = LabelKey(Attribute.httpResponseStatusCode)
}
