/// Reads `{"partialSuccess":{"rejectedSpans":"3"}}` out of a receiver's answer.
enum PartialSuccess {
    /// 0 unless the answer says otherwise; the count may be a string or a number.
    static func rejectedCount(_ body: [UInt8], signal: OTLPSignal) -> Int {
        let key =
            switch signal {
            case .traces: "\"rejectedSpans\""
            case .logs: "\"rejectedLogRecords\""
            }
        let pattern = Array(key.utf8)
        guard body.count <= 65_536, body.count > pattern.count else { return 0 }
        guard let found = (0...(body.count - pattern.count)).first(where: { body[$0...].starts(with: pattern) }) else {
            return 0
        }
        let rest = body[(found + pattern.count)...].drop { $0 == 0x20 || $0 == 0x3a || $0 == 0x22 }
        return Int(String(decoding: rest.prefix { (0x30...0x39).contains($0) }, as: UTF8.self)) ?? 0
    }
}
