import Glibc
import Protobuf

/// `protoc-gen-vitrine`: protoc hands it parsed files on standard input and takes Swift from standard output.
///
/// - SeeAlso: google/protobuf/compiler/plugin.proto
@main
enum Plugin {
    static func main() {
        do throws(ProtobufError) {
            let request = try CodeGeneratorRequest(decoding: self.readInput())
            self.writeOutput(try Generator.answer(request).bytes)
        } catch {
            // Nobody but protoc speaks here; something else gets told how it is meant to be used.
            self.complain("protoc-gen-vitrine: \(error); it is run by protoc --vitrine_out=<folder>\n")
            exit(1)
        }
    }

    private static func readInput() -> [UInt8] {
        var input: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return input }
            input += chunk[..<count]
        }
    }

    private static func writeOutput(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { exit(1) }
            rest = rest.dropFirst(count)
        }
    }

    private static func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
