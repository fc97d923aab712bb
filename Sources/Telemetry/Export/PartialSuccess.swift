import JSON

/// Reads `{"partialSuccess":{"rejectedSpans":"3","errorMessage":"…"}}` out of a receiver's answer.
struct PartialSuccess: Sendable, Hashable {
    /// Records the receiver did not take; 0 unless the answer says otherwise.
    var rejected = 0
    /// Why, or a warning beside a full success; empty without.
    var message = ""

    init(_ body: [UInt8], signal: OTLPSignal) {
        // An answer that is no JSON says nothing about rejections; its status has said that it was accepted.
        guard !body.isEmpty, let answer = try? JSONValue(parsing: body), case .object(let root) = answer,
            case .object(let partial)? = root["partialSuccess"]
        else { return }
        if case .string(let text)? = partial["errorMessage"] { self.message = String(text.prefix(500)) }
        // The JSON mapping writes the count as a string, some receivers as a number.
        switch partial[signal.rejectedField] {
        case .string(let text): self.rejected = Int(text) ?? 0
        case .number(let number): self.rejected = number.int ?? 0
        default: break
        }
    }
}
