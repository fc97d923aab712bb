import ShellTesting
/// The other implementation: what protoc makes of the same contract.
enum Protoc {
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    private static let message =
        "=vitrine.testing.v1.Everything --proto_path='\(root)/Tests/Protos' testing/everything.proto"

    /// The bytes of a message in the text format.
    static func encode(_ text: String) -> Shell.Outcome {
        Shell.run("protoc --deterministic_output --encode\(self.message)", input: Array(text.utf8))
    }

    /// The text format of bytes.
    static func decode(_ bytes: [UInt8]) -> Shell.Outcome {
        Shell.run("protoc --decode\(self.message)", input: bytes)
    }
}
