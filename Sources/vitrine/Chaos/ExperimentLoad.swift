import CSystem
import Chaos
import HTTPEngine
import JSON
import LoadGenerator

/// What an experiment loads the shop with: the journeys of its plan, and a probing shopper.
enum ExperimentLoad {
    static func make(_ experiment: Experiment, gateway: HTTPEndpoint, isLab: Bool) throws -> CombinedLoad {
        var plan = try LoadPlan(reading: experiment.load)
        if experiment.load["seed"] == nil { plan.seed = experiment.seed }
        // One experiment after the other buys the shelves empty; in a lab somebody fills them.
        if isLab { plan.restocker = .init(email: "admin@vitrine.dev", password: "admin-password") }
        let account = "\(experiment.name)-\(vitrine_realtime_nanoseconds() / 1_000_000)"
        return CombinedLoad([
            try ShopLoad(plan, gateway: gateway), try ProbeShopper(gateway: gateway, account: account),
        ])
    }
}
