/// An experiment that there is.
public struct ShippedExperiment: Sendable, Hashable {
    public let name: String
    public let title: String
    public let text: String
    /// How long it takes at most.
    public let secondsMax: Double

    public init(name: String, title: String, text: String, secondsMax: Double) {
        self.name = name
        self.title = title
        self.text = text
        self.secondsMax = secondsMax
    }
}

/// Starts and stops experiments against the lab that the console belongs to; one at a time.
public protocol ExperimentLauncher: Sendable {
    /// In order of name.
    var experiments: [ShippedExperiment] { get }
    var state: ExperimentState { get }
    /// - Throws: `LaunchRefusal`.
    func start(_ name: String) throws
    /// Interrupts it; it mends what it broke. Nothing where it does not run.
    func stop(_ name: String)
}

/// What runs, and how the last one ended.
public struct ExperimentState: Sendable, Hashable {
    public struct Running: Sendable, Hashable {
        public let name: String
        /// What it says it is doing.
        public let phase: String
        /// Milliseconds since 1970.
        public let since: Int

        public init(name: String, phase: String, since: Int) {
            self.name = name
            self.phase = phase
            self.since = since
        }
    }

    public struct Ended: Sendable, Hashable {
        public let name: String
        /// `passed`, `failed` or `could not be run`.
        public let verdict: String
        /// Milliseconds since 1970.
        public let at: Int

        public init(name: String, verdict: String, at: Int) {
            self.name = name
            self.verdict = verdict
            self.at = at
        }
    }

    public var running: Running?
    public var last: Ended?

    public init(running: Running? = nil, last: Ended? = nil) {
        self.running = running
        self.last = last
    }
}

/// Why an experiment is not started.
public struct LaunchRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
