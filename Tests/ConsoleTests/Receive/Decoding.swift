import Telemetry

@testable import Console

/// Decoding without a server around it.
enum Decoding {
    static let now: UInt64 = 1_000

    static func intake(_ change: (inout OTLPLimits) -> Void = { _ in }) -> OTLPIntake {
        var limits = OTLPLimits()
        change(&limits)
        return OTLPIntake(limits, now: self.now)
    }

    static func protobuf<Item: OTLPItem>(_: Item.Type, _ bytes: [UInt8]) throws(OTLPDecodingError) -> [Item] {
        var intake = self.intake()
        return try OTLPProtobuf.read(bytes, &intake)
    }

    static func json<Item: OTLPItem>(_: Item.Type, _ text: String) throws(OTLPDecodingError) -> [Item] {
        var intake = self.intake()
        return try OTLPJSON.read(Array(text.utf8), &intake)
    }

    /// A request of one span with these members besides its ids.
    static func span(_ members: String) throws(OTLPDecodingError) -> ReceivedSpan? {
        let ids = "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\""
        return try self.json(
            ReceivedSpan.self, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\(ids),\(members)}]}]}]}"
        ).first
    }

    /// What a request of one span with these members is refused for.
    static func fault(_ members: String) -> String? {
        do {
            _ = try self.span(members)
            return nil
        } catch {
            guard case .malformed(let text) = error else { return nil }
            return text
        }
    }
}

extension TraceID {
    static let sample = TraceID(hex: "5b8efff798038103d269b633813fc60c") ?? .invalid
}

extension SpanID {
    static let child = SpanID(hex: "eee19b7ec3c1b174") ?? .invalid
    static let root = SpanID(hex: "eee19b7ec3c1b173") ?? .invalid
}
