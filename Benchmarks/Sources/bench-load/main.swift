import Glibc

// Load that a closed loop cannot make: fixed arrival rates, and the first answer after a start.

do throws(UsageError) {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "latency":
        var run = try LatencyRun(try Options(arguments.dropFirst()))
        print(try run.run().line)
    case "first-answer":
        print(try FirstAnswer.measure(try Options(arguments.dropFirst())))
    default:
        throw UsageError(Options.usage)
    }
} catch {
    let line = Array("bench-load: \(error)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}
