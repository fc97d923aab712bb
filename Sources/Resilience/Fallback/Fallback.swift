import Synchronization
public import Telemetry

/// An answer from before, and how old it is. Whoever hands it on says so.
public struct StaleValue<Value: Sendable>: Sendable {
    public let value: Value
    public let age: Duration

    /// For the field `warning`, in the manner of RFC 7234, section 5.5.1 (obsolete, and still what people look for).
    public var warning: String { "110 - \"Response is Stale\"" }

    /// Whole seconds, for the field `age` (RFC 9111, section 5.1).
    public var ageSeconds: Int { Int(self.age.components.seconds) }

    /// What a span says of it.
    public var attribute: Attribute { .staleSeconds(Double(self.age.clampedNanoseconds) * 1e-9) }
}

extension StaleValue: Equatable where Value: Equatable {}

/// What a fallback keeps at most.
public struct FallbackSettings: Sendable, Hashable {
    /// Answers; 1,000 by default.
    public var entriesMax: Int
    /// Bytes of all answers, as their owners count them; 8 MiB by default.
    public var bytesMax: Int
    /// Age of an answer that is still given; 10 min by default.
    public var ageMax: Duration

    public init(entriesMax: Int = 1_000, bytesMax: Int = 8 << 20, ageMax: Duration = .seconds(600)) {
        self.entriesMax = max(1, entriesMax)
        self.bytesMax = max(0, bytesMax)
        self.ageMax = ageMax
    }
}

/// Good answers kept for when there are none: a degraded answer instead of an error, with its age told.
public final class Fallback<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let answers: Mutex<LastGoodAnswers<Key, Value>>
    private let counts: FallbackCounts?

    /// - Parameter name: what the answers are of; one of a closed set, for it becomes a label.
    public init(_ name: String, _ settings: FallbackSettings = .init(), telemetry: Telemetry? = nil) {
        self.answers = Mutex(LastGoodAnswers(settings))
        self.counts = telemetry.map { FallbackCounts(name: name, in: $0.metrics) }
    }

    /// Keeps a good answer.
    /// - Parameters:
    ///   - bytes: what it takes.
    ///   - now: monotonic nanoseconds.
    public func store(_ value: Value, for key: Key, bytes: Int, now: UInt64) {
        self.answers.withLock { $0.store(value, for: key, bytes: bytes, now: now) }
    }

    /// The last good answer, if it is not too old; counted either way.
    public func take(_ key: Key, now: UInt64) -> StaleValue<Value>? {
        switch self.answers.withLock({ $0.answer(for: key, now: now) }) {
        case .stale(let value):
            self.counts?.stale.add()
            return value
        case .missing: self.counts?.missing.add()
        case .expired: self.counts?.expired.add()
        }
        return nil
    }

    /// The answer that could be given, for who is about to ask for a newer one; counted nowhere.
    public func kept(_ key: Key, now: UInt64) -> StaleValue<Value>? {
        self.answers.withLock { if case .stale(let value) = $0.answer(for: key, now: now) { value } else { nil } }
    }

    /// Forgets an answer: what it told of is gone.
    public func remove(_ key: Key) { self.answers.withLock { $0.remove(key) } }

    public var count: Int { self.answers.withLock { $0.count } }
    public var bytes: Int { self.answers.withLock { $0.bytes } }
}
