import CSystem
import Glibc
import NetworkIO

// Few arenas: with one for each thread, idle processes hold several times the memory they use.
mallopt(M_ARENA_MAX, 4)
// Batches of spans come and go by the megabyte; giving them back to the system each time costs more than keeping them.
mallopt(M_TRIM_THRESHOLD, 64 << 20)
mallopt(M_TOP_PAD, 1 << 20)
// A line at a time, so that what is said is seen at once through a pipe too.
vitrine_buffer_lines()

let arguments = Array(CommandLine.arguments.dropFirst())
// Before the first thread starts: later ones inherit the mask, and a single thread without it would let a signal end
// the process before it has drained.
if ["up", "serve", "load", "chaos"].contains(arguments.first) { TerminationSignals.block() }
Task.detached { exit(await CommandLineTool.run(arguments)) }
// Not left to the runtime, whose own way of parking the main thread unblocks every signal there.
while true { pause() }
