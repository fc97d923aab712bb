import ShellTesting
import Testing

@Suite("The protoc plug-in")
struct GenerationTests {
    private static let head = "syntax = \"proto3\"; package p.v1; "

    private func swift(_ proto: String) throws -> String {
        let outcome = PluginProcess.generate(Self.head + proto)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.text
    }

    @Test(
        "What proto3 has not is refused by name",
        arguments: [
            ("syntax = \"proto2\"; package p; message M { optional int32 a = 1; }", "a.proto: only proto3 is known"),
            ("syntax = \"proto2\"; package p; message M { required int32 a = 1; }", "a.proto: only proto3 is known"),
            (
                "syntax = \"proto2\"; package p; message M { optional group G = 1 { optional int32 a = 1; } }",
                "a.proto: only proto3 is known"
            ),
            (
                "syntax = \"proto3\"; package p; import \"google/protobuf/descriptor.proto\"; "
                    + "extend google.protobuf.FieldOptions { string note = 50000; }", "a.proto: it declares extensions"
            ),
            ("syntax = \"proto3\"; message M {}", "a.proto: it has neither a package nor option swift_prefix"),
        ])
    func refused(proto: String, complaint: String) {
        let outcome = PluginProcess.generate(proto)
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
    }

    @Test("Parameters that make no sense are refused")
    func parameters() {
        let proto = Self.head + "message M {}"
        for (options, complaint) in [
            ("colour=red", "unknown parameter 'colour=red'"), ("module=a", "module=a is not module="),
            ("module=b:B", "a.proto: no module is known for it"),
        ] {
            let outcome = PluginProcess.generate(proto, options: options)
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
        }
    }

    @Test("The namespace is the prefix, or the package in one word")
    func namespace() throws {
        #expect(try self.swift("message M {}").contains("public enum PV1 {}"))
        #expect(try self.swift("option swift_prefix = \"Pea\"; message M {}").contains("public enum Pea {}"))
    }

    @Test("Words that Swift needs are escaped")
    func keywords() throws {
        let text = try self.swift("message Type { string default = 1; int32 self = 2; bool in = 3; bytes init = 4; }")
        for expected in [
            "public struct TypeMessage: ProtobufMessage {", "public var `default`: String = \"\"",
            "public var self_: Int32 = 0", "public var `in`: Bool = false", "public var init_: [UInt8] = []",
            "public static let protoName = \"p.v1.Type\"",
        ] { #expect(text.contains(expected), "\(expected)") }
    }

    @Test("A field that would make a message hold itself lies on the heap")
    func recursion() throws {
        let text = try self.swift(
            "message A { B b = 1; repeated A more = 2; } message B { A a = 1; oneof c { A d = 2; } C e = 3; } message C {}"
        )
        #expect(text.contains("@ProtobufIndirect public var b: PV1.B? = nil"))
        #expect(text.contains("public indirect enum C"))
        #expect(text.contains("public var more: [PV1.A] = []"))
        #expect(text.contains("public var e: PV1.C?\n"))
    }

    @Test("A file whose imports are in another module imports that")
    func imports() throws {
        let text = try self.swift(
            "import \"google/protobuf/timestamp.proto\"; message M { google.protobuf.Timestamp at = 1; }")
        #expect(text.contains("public import Protobuf\n"))
        #expect(!text.contains("import RPC"))
        #expect(text.contains("public var at: GoogleProtobuf.Timestamp?"))
        #expect(text.contains("dependencies: [GoogleProtobuf.timestampFile],"))
    }

    @Test("What is no request ends the plug-in with a word of what it is for")
    func misuse() {
        let outcome = Shell.run("'\(PluginProcess.binary)'", input: Array("hello".utf8))
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("protoc --vitrine_out"))
    }
}
