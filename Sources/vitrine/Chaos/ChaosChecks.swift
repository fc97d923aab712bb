import Chaos
import Faults
import JSON
import LoadGenerator

/// What the libraries that carry out an experiment say of their parts of it.
enum ChaosChecks {
    /// What is wrong with a fault, as the services would say; nil for nothing.
    static func fault(_ fault: JSONObject) -> String? {
        let completed = Injector.completed(fault, seconds: 1, seed: 0, label: "check")
        guard let object = try? JSONValue(parsing: completed).object else { return "is not an object" }
        do throws(FaultSpecError) {
            _ = try FaultRequest(object)
            return nil
        } catch {
            return error.mistakes.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
        }
    }

    /// What is wrong with a plan of load; nil for nothing.
    static func load(_ plan: JSONObject) -> String? {
        do throws(LoadPlanError) {
            _ = try LoadPlan(reading: plan)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
