import ShellTesting
import Testing

@Suite("What is generated and committed")
struct CommittedTests {
    @Test("The Swift in the repository is what the plug-in makes of the contracts now")
    func drift() {
        // Both ways: what differs, what is missing, and what no contract has any more.
        let outcome = Shell.run(
            """
            VITRINE_PROTOC_PLUGIN='\(PluginProcess.binary)' sh '\(PluginProcess.root)/scripts/proto.sh' "$WORK/fresh" || exit 1
            cd "$WORK/fresh" && find . -name '*.pb.swift' | sort >"$WORK/new"
            cd '\(PluginProcess.root)' && find ./Sources ./Tests ./Benchmarks/Sources -name '*.pb.swift' | sort >"$WORK/old"
            [ -s "$WORK/new" ] || echo "nothing is generated"
            sort -u "$WORK/new" "$WORK/old" | while read -r file; do
                cmp -s "$WORK/fresh/$file" "$file" || echo "$file"
            done
            """)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text == "", "run `make proto`")
    }

    @Test("Generated Swift is formatted as the rest")
    func formatting() {
        let outcome = Shell.run(
            """
            cd '\(PluginProcess.root)'
            swift format lint --strict $(find Sources Tests Benchmarks/Sources -name '*.pb.swift') >&2
            """)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
