import ShellTesting
import Testing

/// What people are told to type must exist.
@Suite("The Makefile and what the documents say of it")
struct DriftMakefileTests {
    private static let services = ["user", "product", "cart", "order", "gateway"]

    /// The targets that can be made, patterns over the services spelled out.
    private func targets() throws -> Set<String> {
        var targets: Set<String> = []
        for line in try Repository.text("Makefile").split(separator: "\n") {
            guard !line.hasPrefix("\t"), !line.hasPrefix("#"), !line.hasPrefix("."),
                !line.contains("=") || line.contains("$(SERVICES:"),
                let colon = line.firstIndex(of: ":")
            else { continue }
            for kind in ["test", "run"] where line.hasPrefix("$(SERVICES:%=\(kind)-%)") {
                targets.formUnion(Self.services.map { "\(kind)-\($0)" })
            }
            let names = line[..<colon].split(separator: " ")
            for name in names where name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D }) {
                targets.insert(String(name))
            }
        }
        return targets
    }

    /// What follows `make ` in a text, where it is meant to be typed: within backticks, at the start of a line of an
    /// example, or as a step of the workflow.
    private func named(in text: String) -> Set<String> {
        var names: Set<String> = []
        for line in text.split(separator: "\n") {
            for start in ["`make ", "run: make ", " make ", "exec make "] {
                var rest = line[...]
                if start == " make " {
                    // `VARIABLE=value make run` in backticks or examples.
                    guard line.contains("=http") || line.contains("exec make") else { continue }
                }
                while let range = rest.firstRange(of: start) {
                    rest = rest[range.upperBound...]
                    names.insert(self.word(rest))
                }
            }
            if line.hasPrefix("make ") { names.insert(self.word(line.dropFirst(5))) }
        }
        names.remove("")
        return names
    }

    private func word(_ text: Substring) -> String {
        String(text.prefix { ($0 >= "a" && $0 <= "z") || $0 == "-" })
    }

    @Test(
        "Every make target that a document names exists",
        arguments: ["README.md", "CONTRIBUTING.md", ".github/workflows/ci.yml", ".ci/run"])
    func named(document: String) throws {
        let named = self.named(in: try Repository.text(document))
        #expect(!named.isEmpty)
        #expect(named.subtracting(try self.targets()).sorted() == [])
    }

    @Test("The targets that users of similar shops type are there, and help lists them")
    func help() throws {
        let expected = [
            "run", "test", "build", "lint", "format", "bench", "clean", "help", "install-tools", "dev",
            "docs", "dashboards",
        ]
        let perService = ["test", "run"].flatMap { kind in Self.services.map { "\(kind)-\($0)" } }
        let targets = try self.targets()
        #expect(Set(expected + perService).subtracting(targets).sorted() == [])
        let makefile = try Repository.text("Makefile")
        for target in expected {
            // `help` prints the lines that carry a description.
            #expect(
                makefile.split(separator: "\n").contains { $0.hasPrefix("\(target):") && $0.contains("## ") },
                "\(target)")
        }
        for kind in ["test", "run"] { #expect(makefile.contains("\(kind)-<service>")) }
        for service in Self.services { #expect(self.services(of: makefile).contains(service)) }
    }

    private func services(of makefile: String) -> [String] {
        let line = makefile.split(separator: "\n").first { $0.hasPrefix("SERVICES :=") } ?? ""
        return line.split(separator: " ").dropFirst(2).map(String.init)
    }

    @Test("Targets that are no files are declared so")
    func phony() throws {
        let makefile = try Repository.text("Makefile")
        let start = try #require(makefile.firstRange(of: ".PHONY:")).upperBound
        let declared = makefile[start...].split(separator: "\n\n", maxSplits: 1)[0]
        let words = Set(declared.split { $0 == " " || $0 == "\n" || $0 == "\\" || $0 == "\t" }.map(String.init))
        for target in try self.targets() where !words.contains(target) {
            let isPattern = ["test", "run"].contains {
                target.hasPrefix("\($0)-") && words.contains("$(SERVICES:%=\($0)-%)")
            }
            #expect(isPattern, "\(target)")
        }
    }
}
