import JSON

/// Reads `{"partialSuccess":{"rejectedSpans":"3"}}` out of a receiver's answer.
enum PartialSuccess {
    /// 0 unless the answer says otherwise; the JSON mapping writes the count as a string, some receivers as a number.
    static func rejectedCount(_ body: [UInt8], signal: OTLPSignal) -> Int {
        // An answer that is no JSON says nothing about rejections; its status has said that it was accepted.
        guard !body.isEmpty, let answer = try? JSONValue(parsing: body), case .object(let root) = answer,
            case .object(let partial)? = root["partialSuccess"]
        else { return 0 }
        switch partial[signal == .traces ? "rejectedSpans" : "rejectedLogRecords"] {
        case .string(let text): return Int(text) ?? 0
        case .number(let number): return number.int ?? 0
        default: return 0
        }
    }
}
