/// The windows that errors are looked at over. Their names are part of the series' names, in compressed time too.
package enum ObjectiveWindow: String, Sendable, Hashable, CaseIterable {
    case fiveMinutes = "5m"
    case halfHour = "30m"
    case hour = "1h"
    case twoHours = "2h"
    case sixHours = "6h"
    case day = "1d"
    case threeDays = "3d"
    case period = "30d"

    package var duration: PromDuration {
        switch self {
        case .fiveMinutes: .minutes(5)
        case .halfHour: .minutes(30)
        case .hour: .hours(1)
        case .twoHours: .hours(2)
        case .sixHours: .hours(6)
        case .day: .days(1)
        case .threeDays: .days(3)
        case .period: .days(Objective.period)
        }
    }
}

/// When a budget burns too fast: so many times faster than it may, over a long window that proves it matters, and over
/// a short one that ends the alert soon after the errors have ended.
///
/// Source: Beyer et al., *The Site Reliability Workbook*, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
package struct BurnRate: Sendable, Hashable {
    package let factor: Double
    package let long: ObjectiveWindow
    package let short: ObjectiveWindow

    /// In an hour, 2 % of the budget; in six, 5 %.
    package static let page = [
        BurnRate(factor: 14.4, long: .hour, short: .fiveMinutes),
        BurnRate(factor: 6, long: .sixHours, short: .halfHour),
    ]
    /// In a day, or in three, 10 % of the budget.
    package static let ticket = [
        BurnRate(factor: 3, long: .day, short: .twoHours),
        BurnRate(factor: 1, long: .threeDays, short: .sixHours),
    ]
}
