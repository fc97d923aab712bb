import Glibc

/// The two tables.
enum Report {
    static func printHead() {
        self.print(self.row("single operations", ["ns", "median", "goal", "steps", "allowed", "allocations"]))
    }

    static func print(_ one: Measurement, allowed: Double?) {
        self.print(
            self.row(
                "  \(one.name)",
                [
                    Decimals.text(one.fastest), Decimals.text(one.median), one.goal.map { String(Int($0)) } ?? "-",
                    Decimals.text(one.steps), allowed.map(Decimals.text) ?? "-", Decimals.text(one.allocations),
                ]))
    }

    static func printContentionHead() {
        self.print(self.row("\ntwo threads on two cores", ["ns, one", "ns, two", "goal", "gain", "goal"]))
    }

    /// Nanoseconds of the wall clock for an operation of one thread, alone and beside another.
    static func print(_ one: Contention) {
        self.print(
            self.row(
                "  \(one.name)",
                [
                    Decimals.text(1e9 / one.one), Decimals.text(2e9 / one.two),
                    one.goal.map { String(Int($0)) } ?? "-", Decimals.text(one.gain),
                    Decimals.text(Contention.gainGoal),
                ]))
    }

    /// Each line at once, because a run takes a while.
    private static func print(_ line: String) {
        Swift.print(line)
        fflush(nil)
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        cells.reduce(into: name + String(repeating: " ", count: max(0, 42 - name.count))) { row, cell in
            row += String(repeating: " ", count: max(1, 13 - cell.count)) + cell
        }
    }
}
