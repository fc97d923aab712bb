import Telemetry

/// What crossing a process boundary costs.
enum PropagationOperations {
    static var all: [Operation] { self.traceparent + self.baggage }

    private static var traceparent: [Operation] {
        let header = Array("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".utf8)
        let parent = Sample.parent
        return [
            Operation("traceparent extract", goal: 40, repetitions: 5_000_000) { count in
                header.withUnsafeBufferPointer { bytes in
                    for _ in 0..<count {
                        precondition(W3CPropagator.extract(traceparent: bytes).0 != nil, "a valid header is refused")
                    }
                }
            },
            Operation("traceparent inject", goal: 40, repetitions: 5_000_000) { count in
                var bytes: [UInt8] = []
                bytes.reserveCapacity(64)
                for _ in 0..<count {
                    bytes.removeAll(keepingCapacity: true)
                    W3CPropagator.appendTraceparent(parent, to: &bytes)
                }
            },
        ]
    }

    private static var baggage: [Operation] {
        let header = "shop.channel=web,user.tier=gold%20plus;source=crm,shop.campaign=summer"
        let parsed = W3CPropagator.extract(traceparent: nil, baggage: header).1
        precondition(parsed.members.count == 3, "members are missing")
        return [
            Operation("baggage extract, 3 members", repetitions: 100_000) { count in
                for _ in 0..<count {
                    precondition(
                        !W3CPropagator.extract(traceparent: nil, baggage: header).1.isEmpty, "members are missing")
                }
            },
            Operation("baggage inject, 3 members", repetitions: 200_000) { count in
                for _ in 0..<count { precondition(parsed.header.utf8.count == header.utf8.count, "the text differs") }
            },
        ]
    }
}
