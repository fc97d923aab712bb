/// Options and operands of a subcommand, as getopt_long users write them: `--name value`, `--name=value`, `--flag`.
struct Options {
    private(set) var operands: [String] = []
    private var values: [String: String] = [:]
    private var flags: Set<String> = []

    /// - Throws: `UsageError` for an option that is not named here, or one without its value.
    init(_ arguments: [String], values names: Set<String> = [], flags flagNames: Set<String> = []) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument != "--" else {
                if argument == "--" {
                    self.operands += rest
                    return
                }
                guard !argument.hasPrefix("-") || argument == "-" else {
                    throw UsageError("unknown option '\(argument)'")
                }
                self.operands.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if flagNames.contains(name), parts.count == 1 {
                self.flags.insert(name)
            } else if names.contains(name) {
                guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                    throw UsageError("--\(name) needs a value")
                }
                self.values[name] = value
            } else {
                throw UsageError("unknown option '\(argument)'")
            }
        }
    }

    func has(_ flag: String) -> Bool { self.flags.contains(flag) }

    /// What was given for an option; nil when it was not.
    func value(_ name: String) -> String? { self.values[name] }

    func string(_ name: String, default fallback: String) -> String { self.values[name] ?? fallback }

    func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = self.values[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw UsageError("--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// - Throws: `UsageError` when there are more operands than `count`.
    func requireOperands(atMost count: Int) throws {
        if self.operands.count > count { throw UsageError("unexpected '\(self.operands[count])'") }
    }
}
