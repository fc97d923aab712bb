public import HTTPCore

/// The deadline of the call that the current task answers.
public enum RPCDeadline {
    /// Nil outside of calls. Calls made through `RPCClient` end by it, so that each hop has less time than the one before.
    @TaskLocal public static var current: Deadline?
}
