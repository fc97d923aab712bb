public import Protobuf

extension GoogleProtobuf.Timestamp {
    /// - Parameter microseconds: since 1970; may be negative.
    public init(microseconds: Int) {
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        // Nanoseconds count forward, also before 1970 (google/protobuf/timestamp.proto).
        let isBefore = rest < 0
        self.init(
            seconds: Int64(isBefore ? seconds - 1 : seconds),
            nanos: Int32((isBefore ? rest + 1_000_000 : rest) * 1_000))
    }
}
