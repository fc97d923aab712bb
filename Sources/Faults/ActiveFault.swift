import HTTPCore
public import JSON

/// A fault that has been set and is not over.
public struct ActiveFault: Sendable, Hashable {
    public let id: String
    public let spec: FaultSpec
    /// When it ends, in nanoseconds of the monotonic clock.
    public let endsAt: UInt64
    /// The same in microseconds since 1970, for people.
    public let endsAtUnixMicroseconds: Int
    /// Calls it was for, hit or not.
    var calls = 0
    /// How often it has been injected.
    public internal(set) var injections = 0

    /// Writes it as an object.
    ///
    /// - Parameter now: nanoseconds of the monotonic clock.
    public func write(to writer: inout JSONWriter, now: UInt64) {
        writer.beginObject()
        writer.field("id", self.id)
        self.spec.writeFields(to: &writer)
        writer.field("active_until", RFC3339.string(microseconds: self.endsAtUnixMicroseconds))
        let remaining = self.endsAt > now ? self.endsAt - now : 0
        writer.field("remaining_seconds", Double(remaining / 1_000_000) / 1_000)
        writer.field("injections", self.injections)
        writer.endObject()
    }
}
