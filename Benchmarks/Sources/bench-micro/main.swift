import Glibc
import Telemetry

// Nanoseconds and allocations of single operations.
//
//   bench-micro                          prints them
//   bench-micro --check FILE             and fails when an operation allocates more than the file says
//   bench-micro --accept FILE            and writes the file anew

func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

func contents(of path: String) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = max(0, read(file, buffer.baseAddress, buffer.count))
    }
    return String(decoding: bytes, as: UTF8.self)
}

func replace(_ path: String, with text: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard file >= 0 else { return false }
    defer { close(file) }
    let bytes = Array(text.utf8)
    return write(file, bytes, bytes.count) == bytes.count
}

func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.isEmpty || arguments.count == 2 && ["--check", "--accept"].contains(arguments[0]) else {
    complain("usage: bench-micro [--check FILE | --accept FILE]")
    exit(2)
}

var configuration = TelemetryConfiguration(serviceName: "bench")
configuration.spanBatches = BatchSettings(scheduleDelay: .milliseconds(5), queueMax: 65_536, batchMax: 512)
let null = open("/dev/null", O_WRONLY)
let telemetry = Telemetry(configuration, logSink: .descriptor(null), transport: ForgettingTransport())
var unsampledConfiguration = TelemetryConfiguration(serviceName: "bench")
unsampledConfiguration.sampler = .alwaysOff
let unsampled = Telemetry(unsampledConfiguration, logSink: .discard, transport: ForgettingTransport())
let exporting = Task.detached { await telemetry.run() }

print(column("ns/op", 60), column("median", 10), column("goal", 8), column("allocations", 12))
let baseline = arguments.first == "--check" ? contents(of: arguments[1]).map { Baseline($0) } : nil
if arguments.first == "--check" && baseline == nil {
    complain("bench-micro: \(arguments[1]) cannot be read")
    exit(2)
}
var accepted = "# Allocations of one operation, by bench-micro --accept. More of them fail `make bench`.\n"
var failures: [String] = []
for operation in TelemetryOperations.all(telemetry, unsampled: unsampled) + (try RequestOperations.all()) {
    let measurement = Measurement.of(operation)
    let goal = measurement.goal.map { String(Int($0)) } ?? "-"
    let name = operation.name + String(repeating: " ", count: max(0, 42 - operation.name.count))
    print(
        "  \(name)", column(Baseline.text(measurement.fastest), 15),
        column(Baseline.text(measurement.median), 10), column(goal, 8),
        column(Baseline.text(measurement.allocations), 12))
    accepted += Baseline.line(measurement)
    if let failure = baseline?.failure(of: measurement) { failures.append(failure) }
}
exporting.cancel()
if arguments.first == "--accept" && !replace(arguments[1], with: accepted) {
    complain("bench-micro: \(arguments[1]) cannot be written")
    exit(2)
}
for failure in failures { complain("bench-micro: \(failure)") }
exit(failures.isEmpty ? 0 : 1)
