import CSystem
import Glibc

// Nanoseconds and allocations of single operations, and what two threads do to each other.
//
//   bench-micro [--only TEXT]              prints them, or those with the text in their name
//     … --baseline FILE                    and fails when an operation takes more than the file says
//   bench-micro --baseline FILE …
//     … --accept-allocations               writes the file's allocations anew
//     … --accept-times                     writes the file's times anew

// As `vitrine` does.
mallopt(M_ARENA_MAX, 4)
guard let options = Options(CommandLine.arguments.dropFirst()) else {
    MicroBenchmark.complain(Options.usage)
    exit(2)
}
// Off the main actor, so that nothing asynchronous that is measured changes threads.
let status = try await Task.detached {
    var benchmark = MicroBenchmark(options)
    return try await benchmark.run()
}.value
exit(status)
