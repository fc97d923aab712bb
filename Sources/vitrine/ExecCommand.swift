import Glibc
import NetworkIO

/// `vitrine exec`: becomes another program, which then ends with its parent as the services do.
///
/// Programs that are not ours cannot ask the kernel to be told of their parent's death; what asks for them and then
/// becomes them can (prctl(2): kept across execve).
enum ExecCommand {
    static func run(_ arguments: [String]) throws {
        guard let program = arguments.first else { throw UsageError("which program?") }
        ParentProcess.follow()
        // From here to the call nothing may wait: mask and request are this thread's.
        var taken = TerminationSignals.set
        pthread_sigmask(SIG_UNBLOCK, &taken, nil)
        signal(SIGPIPE, SIG_DFL)
        let name = program.split(separator: "/").last.map(String.init) ?? program
        var argv: [UnsafeMutablePointer<CChar>?] = ([name] + arguments.dropFirst()).map { strdup($0) } + [nil]
        execv(program, &argv)
        throw CommandFailure("\(program) cannot be run: \(errorText(errno))")
    }
}
