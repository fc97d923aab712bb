package import Telemetry

/// Every metric of the load generator: what the customers met.
package enum LoadMetrics {
    /// What became of an arrival.
    package enum JourneyOutcome: String, MetricLabel {
        case completed
        /// A step failed, or was refused what the rest needs.
        case abandoned
        /// The run ended first.
        case cut
        /// Not begun: as many as may be were under way.
        case droppedForRoom = "dropped_for_room"
        /// Not begun: all customers were busy.
        case droppedForCustomer = "dropped_for_customer"

        package static var labelName: String { "outcome" }
    }

    package static let requests = CounterDescriptor<LabelPair<LoadStep, LoadOutcome.Kind>>(
        "shop.load.requests", unit: .count("request"), help: "Requests that have ended, by step and outcome.")
    package static let requestDuration = HistogramDescriptor<LoadStep>(
        "shop.load.request.duration", unit: .seconds,
        help: "From the intended start of a request to the end of its answer, waiting for a connection included.")
    package static let serviceDuration = HistogramDescriptor<LoadStep>(
        "shop.load.service.duration", unit: .seconds,
        help: "From when a request had a connection to the end of its answer.")
    package static let journeys = CounterDescriptor<LabelPair<JourneyKind, JourneyOutcome>>(
        "shop.load.journeys", unit: .count("journey"), help: "Journeys that have ended or were dropped, by outcome.")
    package static let journeysInFlight = GaugeDescriptor<NoLabels>(
        "shop.load.journeys.in_flight", unit: .count("journey"), help: "Journeys under way.")
    package static let journeysLimit = GaugeDescriptor<NoLabels>(
        "shop.load.journeys.limit", unit: .count("journey"),
        help: "Journeys that may be under way at once: an arrival beyond is dropped.")
    package static let arrivals = CounterDescriptor<NoLabels>(
        "shop.load.arrivals", unit: .count("journey"), help: "Journeys that were due, dropped ones included.")
    /// Finer than those of requests at the low end: from 5 ms on the generator counts as behind its schedule.
    package static let arrivalLag = HistogramDescriptor<NoLabels>(
        "shop.load.arrival.lag", unit: .seconds,
        help: "How late the generator itself was: from when a journey was due to when it began.",
        buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
    package static let rate = GaugeDescriptor<NoLabels>(
        "shop.load.rate", unit: .perSecond("journey"), help: "Journeys a second that are asked for now.")
}
