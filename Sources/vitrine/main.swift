import CSystem
import Glibc

// Few arenas: with one for each thread, idle processes hold several times the memory they use.
mallopt(M_ARENA_MAX, 4)
// A line at a time, so that what is said is seen at once through a pipe too.
vitrine_buffer_lines()

let status = await CommandLineTool.run(Array(CommandLine.arguments.dropFirst()))
exit(status)
