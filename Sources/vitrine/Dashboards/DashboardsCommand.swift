import Glibc
import Monitoring
import NetworkIO

/// `vitrine dashboards`: writes the files that are made from what is declared.
enum DashboardsCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(arguments, values: ["output"], flags: ["check"])
        try options.requireOperands(atMost: 0)
        let tree = GeneratedTree(root: try self.root(options))
        let changes = try tree.changes(to: MonitoringFiles.committed, in: MonitoringFiles.folders)
        if options.has("check") {
            for change in changes { print(change.difference) }
            if !changes.isEmpty { throw CommandFailure("\(changes.count) files are out of date: run make dashboards") }
            return
        }
        for change in changes {
            try tree.apply(change)
            print(change.deed)
        }
        if changes.isEmpty { print("everything is up to date") }
    }

    private static func root(_ options: Options) throws -> String {
        if let output = options.value("output") { return output }
        guard access("Package.swift", F_OK) == 0 else {
            throw CommandFailure(
                "there is no Package.swift here: run it from the repository's root, or name a folder with --output")
        }
        return "."
    }
}

/// A file that is not as it should be.
enum FileChange: Sendable, Hashable {
    case write(GeneratedFile, isNew: Bool)
    /// By path, from the root.
    case remove(String)

    /// What `--check` says.
    var difference: String {
        switch self {
        case .write(let file, let isNew): isNew ? "missing  \(file.path)" : "differs  \(file.path)"
        case .remove(let path): "stale    \(path)"
        }
    }

    var deed: String {
        switch self {
        case .write(let file, let isNew): isNew ? "added    \(file.path)" : "changed  \(file.path)"
        case .remove(let path): "removed  \(path)"
        }
    }
}

/// The folder that generated files live below.
struct GeneratedTree {
    let root: String

    /// What must be done so that the tree has exactly these files, others outside of the folders aside; by path.
    func changes(to files: [GeneratedFile], in folders: [GeneratedFolder]) throws -> [FileChange] {
        var changes: [FileChange] = []
        for file in files {
            let present = try TextFile.read("\(self.root)/\(file.path)")
            if present != Array(file.text.utf8) { changes.append(.write(file, isNew: present == nil)) }
        }
        let wanted = Set(files.map(\.path))
        for folder in folders {
            let names = TextFile.names(in: "\(self.root)/\(folder.path)").filter { $0.hasSuffix(folder.suffix) }
            changes += names.map { "\(folder.path)/\($0)" }.filter { !wanted.contains($0) }.map(FileChange.remove)
        }
        return changes
    }

    func apply(_ change: FileChange) throws {
        switch change {
        case .write(let file, _):
            try TextFile.makeFolders(above: file.path, below: self.root)
            try TextFile.write(Array(file.text.utf8), to: "\(self.root)/\(file.path)")
        case .remove(let path):
            guard unlink("\(self.root)/\(path)") == 0 else {
                throw CommandFailure("cannot remove \(path): \(errorText(errno))")
            }
        }
    }
}
