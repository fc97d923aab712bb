import CSystem
import Glibc

// Few arenas: with one for each thread, idle processes hold several times the memory they use.
mallopt(M_ARENA_MAX, 4)
setvbuf(stdout, nil, _IOLBF, 0)

let status = await CommandLineTool.run(Array(CommandLine.arguments.dropFirst()))
exit(status)
