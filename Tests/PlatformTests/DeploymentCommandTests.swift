import Glibc
import HTTPCore
import ServiceKit
import ServiceTesting
import ShellTesting
import TelemetryTesting
import Testing

@testable import vitrine

/// What containers ask of the program: settings checked, users seeded, health without an address.
@Suite("Commands for deployments", .timeLimit(.minutes(2)))
struct DeploymentCommandTests {
    private static let token = "INTERNAL_AUTH_TOKEN=0123456789abcdef\n"

    /// The doctor's verdict on a file of settings.
    private func doctor(_ file: String, role: String? = nil) -> Shell.Outcome {
        let options = role.map { " --role \($0)" } ?? ""
        return Shell.run(
            "cat > $WORK/env; '\(LabProcess.binary)' doctor --env-file $WORK/env\(options)", input: Array(file.utf8))
    }

    @Test("Settings that a role knows and takes are fine, for each role")
    func fine() {
        let all = self.doctor(
            Self.token
                + "# words\n\nVITRINE_HOST=0.0.0.0\nVITRINE_CONSOLE_TOKEN=0123456789abcdef\nOTEL_LOG_LEVEL=warn\n"
                + "VITRINE_LOW_STOCK_THRESHOLD=3\nK8S_POD_NAME=anything\n")
        #expect(all.status == 0, "\(all.text)\(all.errors)")
        for role in Role.all { #expect(all.text.contains("ok    settings of \(role.name)\n")) }
    }

    @Test(
        "Each mistake is said, with the role and the variable",
        arguments: [
            ("VITRINE_BCRYPT_COST=99\n", nil, "FAIL  settings of user: VITRINE_BCRYPT_COST: '99'"),
            ("VITRINE_LOOPS=two\n", "order", "FAIL  settings of order: VITRINE_LOOPS: 'two'"),
            ("VITRINE_LOPS=2\n", nil, "FAIL  VITRINE_LOPS: nobody reads it"),
            ("OTEL_BSP_SCHEDULE_DELAYS=2\n", nil, "FAIL  OTEL_BSP_SCHEDULE_DELAYS: nobody reads it"),
            ("VITRINE_BCRYPT_COST=12\n", "cart", "FAIL  VITRINE_BCRYPT_COST: nobody reads it in cart"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL=grpc\n", "order", "FAIL  settings of order: OTEL_EXPORTER_OTLP_PROTOCOL"),
            ("VITRINE_HOST=0.0.0.0\n", "console", "FAIL  settings of console: VITRINE_CONSOLE_TOKEN"),
            ("VITRINE_USER_URL=https://user\n", "gateway", "FAIL  settings of gateway: VITRINE_USER_URL"),
            ("VITRINE_HOST=gateway\n", "gateway", "FAIL  settings of gateway: VITRINE_HOST"),
        ] as [(String, String?, String)])
    func mistakes(_ line: String, _ role: String?, _ expected: String) {
        let outcome = self.doctor(Self.token + line, role: role)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains(expected), "\(outcome.text)")
    }

    @Test("Without the token no service starts, and the doctor says so")
    func noToken() {
        let outcome = self.doctor("VITRINE_DATA=/data\n", role: "user")
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("INTERNAL_AUTH_TOKEN"), "\(outcome.text)")
    }

    @Test("A file that is none is refused with its line")
    func lines() throws {
        #expect(throws: CommandFailure.self) { try EnvironmentFile.parse("A=1\nexport B=2\n", name: "x") }
        #expect(throws: CommandFailure.self) { try EnvironmentFile.parse("=1\n", name: "x") }
        #expect(try EnvironmentFile.parse("A=b=c\r\nB=\n # d\n", name: "x") == ["A": "b=c", "B": ""])
        #expect(self.doctor("words\n").errors.contains("line 1 is not NAME=value"))
    }

    @Test("Users are seeded alone, into the folder that is set, and once")
    func users() {
        let folder = TemporaryFolder()
        for added in ["2 added", "0 added"] {
            let outcome = Shell.run("VITRINE_DATA='\(folder.path)/d' '\(LabProcess.binary)' seed users")
            #expect(outcome.status == 0 && outcome.text.contains(added), "\(outcome.text)\(outcome.errors)")
        }
        #expect(Shell.run("ls '\(folder.path)/d'").text.split(separator: "\n").allSatisfy { $0.hasPrefix("user.") })
        #expect(Shell.run("'\(LabProcess.binary)' seed everything").status == 2)
    }

    @Test("Health is asked by role, by address, and of nobody where process 1 is no role")
    func health() async throws {
        let ports = FreePorts.base()
        let load = try LabProcess(command: [
            "load", "--url", "http://127.0.0.1:1", "--rate", "1", "--duration", "forever", "--quiet", "--metrics-port",
            String(ports), "--metrics-host", "127.0.0.2",
        ])
        let binary = LabProcess.binary
        let isThere = await ProcessWatch.poll(for: .seconds(20)) {
            Shell.run("'\(binary)' healthcheck http://127.0.0.2:\(ports)/health/ready").status == 0
        }
        #expect(isThere)
        #expect(Shell.run("'\(binary)' healthcheck http://127.0.0.1:\(ports)/health/ready").status == 1)
        #expect(Shell.run("VITRINE_ADMIN_PORT=1 '\(binary)' healthcheck gateway").status == 1)
        #expect(Shell.run("'\(binary)' healthcheck nobody").status == 2)
        #expect(Shell.run("'\(binary)' healthcheck").status == 2)
        kill(load.pid, SIGINT)
        _ = await load.ended()
    }
}
