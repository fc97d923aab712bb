/// What a panel's numbers count, by Grafana's name of the unit.
package enum PanelUnit: String, Sendable, Hashable, CaseIterable {
    /// A plain number, all digits.
    case none
    /// A plain number: `12.3 K`.
    case short
    case seconds = "s"
    /// Unix time in milliseconds, shown as how long ago it is.
    case sinceMilliseconds = "dateTimeFromNow"
    case bytes
    case bytesPerSecond = "Bps"
    /// 0 to 1, shown as percent.
    case ratio = "percentunit"
    case requestsPerSecond = "reqps"
    case operationsPerSecond = "ops"
    /// Of anything else.
    case perSecond = "cps"
    case perMinute = "opm"
    case dollars = "currencyUSD"
}
