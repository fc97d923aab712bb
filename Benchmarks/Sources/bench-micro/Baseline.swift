/// What each operation is known to take: `<allocations> <steps of the yardstick> <name>` a line.
struct Baseline {
    private struct Entry {
        var allocations: Double?
        var steps: Double?
    }

    private var entries: [String: Entry] = [:]
    private var names: [String] = []

    /// Room for what is allocated once in very many repetitions.
    private static let allocationTolerance = 0.05
    /// A neighbour makes an operation half again as slow; a look-up that became a search makes it twice as slow.
    private static let stepsTolerance = 1.6
    /// Steps below which the loop around an operation weighs more than the operation.
    private static let stepsFloor = 1.0
    private static let head = """
        # Allocations of one operation, and its time in steps of the yardstick (see docs/performance.md, "Single
        # operations"), by bench-micro. More allocations, or 1.6 times the steps, fail `make bench`.

        """

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count == 3 else { continue }
            self.set(String(parts[2]), Entry(allocations: Double(parts[0]), steps: Double(parts[1])))
        }
    }

    /// How often an operation may take the known steps before it fails.
    func allowedSteps(of name: String) -> Double? {
        self.entries[name]?.steps.map { max($0, Self.stepsFloor) * Self.stepsTolerance }
    }

    func isTooSlow(_ measurement: Measurement) -> Bool {
        self.allowedSteps(of: measurement.name).map { measurement.steps > $0 } ?? false
    }

    /// Why a measurement does not pass; empty when it does.
    func failures(of measurement: Measurement) -> [String] {
        let name = measurement.name
        guard let known = self.entries[name], let allocations = known.allocations, known.steps != nil else {
            return ["\(name): the baseline does not know it"]
        }
        var failures: [String] = []
        if measurement.allocations > allocations + Self.allocationTolerance {
            failures.append(
                "\(name): \(Decimals.text(measurement.allocations)) allocations, \(Decimals.text(allocations)) allowed")
        }
        if let allowed = self.allowedSteps(of: name), measurement.steps > allowed {
            failures.append(
                "\(name): \(Decimals.text(measurement.steps)) steps of the yardstick, \(Decimals.text(allowed)) allowed"
            )
        }
        return failures
    }

    /// Takes a measurement over; what is not accepted of it stays, unless it was unknown.
    mutating func accept(_ measurement: Measurement, allocations: Bool, times: Bool) {
        var entry = self.entries[measurement.name] ?? Entry()
        if allocations || entry.allocations == nil { entry.allocations = measurement.allocations }
        if times || entry.steps == nil { entry.steps = measurement.steps }
        self.set(measurement.name, entry)
    }

    /// Forgets operations that are measured no more, and puts the others into the order of the run.
    mutating func keep(only names: [String]) { self.names = names }

    var text: String {
        self.names.reduce(into: Self.head) { text, name in
            guard let entry = self.entries[name], let allocations = entry.allocations, let steps = entry.steps else {
                return
            }
            text += "\(Decimals.text(allocations)) \(Decimals.text(steps)) \(name)\n"
        }
    }

    private mutating func set(_ name: String, _ entry: Entry) {
        if self.entries.updateValue(entry, forKey: name) == nil { self.names.append(name) }
    }
}

enum Decimals {
    /// With two decimals, and with none from a hundred on.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        guard value < 100 else { return String(Int(value.rounded())) }
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
