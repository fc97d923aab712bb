/// Bounds that both ends of a contract keep.
public enum ContractLimits {
    /// The most ids one `BatchGetProducts` takes.
    public static let batchMax = 100
    /// The most lines of one reservation.
    public static let reservationLinesMax = 100
}
