import CSystem
import Glibc

// A closed loop of unary calls: so many connections with so many calls in progress on each, from one event loop. Prints
// what Benchmarks/grpc-cpp/echo_client.cc prints:
//
//   SUMMARY <calls> <microseconds> <failures> <processor microseconds> <p50> <p99>

// As `vitrine` does.
mallopt(M_ARENA_MAX, 4)
guard let options = CallOptions(CommandLine.arguments.dropFirst()) else {
    let usage = Array("usage: bench-calls PORT SECONDS CONNECTIONS CALLS-ON-EACH TOKEN\n".utf8)
    _ = write(STDERR_FILENO, usage, usage.count)
    exit(2)
}
print(try await CallRun(options).run())
