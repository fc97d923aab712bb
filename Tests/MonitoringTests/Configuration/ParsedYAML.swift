import JSON
import ShellTesting
import Testing

/// YAML as another reader understands it.
enum ParsedYAML {
    private static let script = """
        import json, sys, yaml
        json.dump(yaml.safe_load(sys.stdin), sys.stdout)
        """

    static func read(_ text: String) throws -> JSONValue {
        let outcome = Shell.run("python3 -c '\(self.script)'", input: Array(text.utf8))
        try #require(outcome.status == 0, "\(outcome.errors)\n\(text)")
        return try JSONValue(parsing: outcome.output)
    }
}

extension JSONValue {
    /// The texts of a list.
    var strings: [String] { (self.array ?? []).compactMap(\.string) }
    var keys: [String] { self.object?.keys ?? [] }
    /// Every text in it, at any depth.
    var allStrings: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let items): items.flatMap(\.allStrings)
        case .object(let object): object.members.flatMap(\.value.allStrings)
        default: []
        }
    }
}
