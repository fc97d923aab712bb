/// Reads and writes the headers of W3C Trace Context and W3C Baggage.
///
/// An invalid `traceparent` restarts the trace: the answer is nil, never an error. `tracestate` counts only beside a
/// valid `traceparent`, and is dropped alone if it breaks its grammar.
public enum W3CPropagator {
    /// Bytes of a version 00 `traceparent`.
    public static let traceparentLength = 55

    /// Reads the three headers; a missing one is nil.
    public static func extract(
        traceparent: UnsafeBufferPointer<UInt8>, tracestate: String? = nil, baggage: String? = nil
    ) -> (SpanContext?, Baggage) {
        let baggage = baggage.map { Baggage(members: BaggageGrammar.parse($0)) } ?? .empty
        guard let context = self.parse(traceparent) else { return (nil, baggage) }
        guard let tracestate, let members = TraceStateGrammar.parse(tracestate), !members.isEmpty else {
            return (context, baggage)
        }
        return (
            SpanContext(
                traceID: context.traceID, spanID: context.spanID, flags: context.flags,
                traceState: TraceState(members: members), isRemote: true),
            baggage
        )
    }

    /// Reads the three headers from text; a missing one is nil.
    public static func extract(
        traceparent: String?, tracestate: String? = nil, baggage: String? = nil
    ) -> (SpanContext?, Baggage) {
        var text = traceparent ?? ""
        return text.withUTF8 { self.extract(traceparent: $0, tracestate: tracestate, baggage: baggage) }
    }

    /// Appends the 55 bytes of a version 00 `traceparent`.
    public static func appendTraceparent(_ context: SpanContext, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: self.traceparentLength) { buffer in
            guard let base = buffer.baseAddress else { return }
            self.write(context, to: base)
            bytes.append(contentsOf: UnsafeBufferPointer(buffer))
        }
    }

    /// The value of the `traceparent` header.
    public static func traceparent(_ context: SpanContext) -> String {
        String(unsafeUninitializedCapacity: self.traceparentLength) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            self.write(context, to: base)
            return self.traceparentLength
        }
    }

    /// Gives `body` the 55 bytes of a `traceparent` on the stack: no allocation.
    public static func withTraceparent<R>(
        _ context: SpanContext, _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: self.traceparentLength) { buffer in
            if let base = buffer.baseAddress { self.write(context, to: base) }
            return try body(UnsafeBufferPointer(buffer))
        }
    }

    /// Section 3.2.2: version, ids and flags in lower case; later versions may carry more after another dash.
    private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> SpanContext? {
        guard text.count >= self.traceparentLength, let base = text.baseAddress else { return nil }
        guard base[2] == 0x2d, base[35] == 0x2d, base[52] == 0x2d else { return nil }
        guard let version = Hexadecimal.parse2(base), version != 0xff else { return nil }
        if text.count > self.traceparentLength {
            guard version != 0, base[self.traceparentLength] == 0x2d else { return nil }
        }
        guard let traceID = TraceID(digits: base + 3), traceID.isValid else { return nil }
        guard let span = Hexadecimal.parse16(base + 36), span != 0 else { return nil }
        guard let flags = Hexadecimal.parse2(base + 53) else { return nil }
        return SpanContext(
            traceID: traceID, spanID: SpanID(rawValue: span),
            flags: TraceFlags(rawValue: flags).intersection(.known), isRemote: true)
    }

    private static func write(_ context: SpanContext, to base: UnsafeMutablePointer<UInt8>) {
        base[0] = 0x30
        base[1] = 0x30
        base[2] = 0x2d
        context.traceID.writeDigits(to: base + 3)
        base[35] = 0x2d
        Hexadecimal.write16(context.spanID.rawValue, to: base + 36)
        base[52] = 0x2d
        Hexadecimal.write2(context.flags.intersection(.known).rawValue, to: base + 53)
    }
}
