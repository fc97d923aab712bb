/// The parameter of the plug-in, comma-separated:
///
/// - `module=<path prefix>:<module>`: which Swift module the code of which files is in, so that imports can be written.
///   The longest prefix counts.
/// - `undocumented=<path prefix>`: files whose comments are left out, because they are somebody else's text.
struct GeneratorOptions {
    private var modules: [(prefix: String, module: String)] = []
    private var undocumented: [String] = []

    init(parsing parameter: String) throws(GeneratorError) {
        for option in parameter.split(separator: ",") {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            switch parts.first {
            case "module" where parts.count == 2: try self.addModule(parts[1])
            case "undocumented" where parts.count == 2: self.undocumented.append(parts[1])
            default: throw GeneratorError(file: "", message: "unknown parameter '\(option)'")
            }
        }
        self.modules.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }

    private mutating func addModule(_ mapping: String) throws(GeneratorError) {
        let parts = mapping.split(separator: ":").map(String.init)
        guard parts.count == 2 else {
            throw GeneratorError(file: "", message: "module=\(mapping) is not module=<path prefix>:<module>")
        }
        self.modules.append((parts[0], parts[1]))
    }

    /// The module with the code of `file`.
    func module(of file: String) throws(GeneratorError) -> String {
        guard let match = self.modules.first(where: { file.hasPrefix($0.prefix) }) else {
            throw GeneratorError(
                file: file, message: "no module is known for it: pass --vitrine_opt=module=<path prefix>:<module>")
        }
        return match.module
    }

    func isDocumented(_ file: String) -> Bool { !self.undocumented.contains { file.hasPrefix($0) } }
}
