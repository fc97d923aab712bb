/// Every alert but those of objectives, which are made from the objectives.
package enum AlertCatalogue {
    /// - Parameter scale: some thresholds are lengths of time, and shrink with the windows.
    package static func areas(_ scale: TimeScale) -> [AlertArea] {
        [AvailabilityAlerts.area(scale), ResilienceAlerts.area(scale), BusinessAlerts.area(scale)]
    }
}
