import ShellTesting
import Glibc

/// The real protoc with the plug-in that was built along with the tests.
enum PluginProcess {
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    /// Beside the test bundle.
    static let binary: String = {
        var path = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        var candidates: [String] = []
        if count > 0 {
            let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            candidates.append(PluginProcess.folder(of: own))
        }
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            let parts = argument.split(separator: "/")
            guard let end = parts.firstIndex(where: { $0.hasSuffix(".xctest") }) else { continue }
            candidates.append(parts[..<end].reduce("") { "\($0)/\($1)" })
        }
        candidates.append("\(PluginProcess.root)/.build/debug")
        let binaries = candidates.map { "\($0)/protoc-gen-vitrine" }
        return binaries.first { access($0, X_OK) == 0 } ?? binaries[0]
    }()

    private static func folder(of path: String) -> String {
        path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    }

    /// Generates from one file, `a.proto`, and gives the Swift.
    static func generate(_ proto: String, options: String = "module=a:A,module=google/:Protobuf") -> Shell.Outcome {
        Shell.run(
            """
            cat >"$WORK/a.proto"
            protoc --proto_path="$WORK" --proto_path=/usr/include --plugin=protoc-gen-vitrine='\(self.binary)' \
            --vitrine_opt='\(options)' --vitrine_out="$WORK" a.proto && cat "$WORK/a.pb.swift"
            """, input: Array(proto.utf8))
    }
}
