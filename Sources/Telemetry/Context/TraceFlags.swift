/// The flags byte of `traceparent`.
///
/// Source: W3C Trace Context level 1 section 3.2.2.5 (sampled) and level 2 (random trace id).
public struct TraceFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The caller may have recorded the trace.
    @inlinable
    public static var sampled: TraceFlags { TraceFlags(rawValue: 0x01) }
    /// At least the right-most 7 bytes of the trace id are random.
    @inlinable
    public static var random: TraceFlags { TraceFlags(rawValue: 0x02) }
    /// The flags this implementation knows; others are not forwarded (section 3.2.2.5: they must be set to zero).
    static let known: TraceFlags = [.sampled, .random]
}
