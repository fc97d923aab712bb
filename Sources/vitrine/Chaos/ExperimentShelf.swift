import Chaos
import Faults
import Glibc

/// The files that experiments are kept in.
struct ExperimentShelf {
    let folder: String

    init(_ options: Options) { self.folder = options.string("experiments", default: "chaos/experiments") }

    /// Every experiment, in order of name.
    /// - Throws: `CommandFailure` with what is wrong with any of them; status 2.
    func all() throws -> [Experiment] {
        guard let names = SmallFile.names(in: self.folder) else {
            throw CommandFailure("there is no folder \(self.folder); see --experiments", status: 2)
        }
        return try names.filter { $0.hasSuffix(".json") }.map { try Self.read("\(self.folder)/\($0)") }
    }

    /// Those of these names, or all; a name with a slash or a dot is a path.
    func named(_ names: [String]) throws -> [Experiment] {
        if names == ["all"] { return try self.all() }
        return try names.map { name in
            let isPath = name.contains("/") || name.hasSuffix(".json")
            let path = isPath ? name : "\(self.folder)/\(name).json"
            guard access(path, R_OK) == 0 else {
                throw CommandFailure("there is no experiment '\(name)'; see vitrine chaos list", status: 2)
            }
            return try Self.read(path)
        }
    }

    private static func read(_ path: String) throws -> Experiment {
        let name = path.split(separator: "/").last.map { String($0.dropLast(".json".count)) }
        do throws(ExperimentError) {
            return try Experiment(
                parsing: try WholeFile.read(path), fileName: name, checkFault: ChaosChecks.fault,
                checkLoad: ChaosChecks.load)
        } catch {
            throw CommandFailure(error.mistakes.map { "\(path): \($0)" }.joined(separator: "\n"), status: 2)
        }
    }
}
