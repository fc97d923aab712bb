import Synchronization

/// What a read or write does, for spans and metrics: `SELECT` on `products`.
///
/// Declare each once as a `static let`. Telling two apart costs an integer comparison, so that a database finds the
/// metrics of an operation in a few nanoseconds.
public struct DatabaseOperation: Sendable, Hashable {
    /// `db.operation.name`, in upper case.
    public let operation: StaticString
    /// `db.collection.name`: the main table.
    public let collection: StaticString
    /// Dense number of the pair of names, from 0, the same wherever it is declared.
    let number: Int

    /// - Parameters:
    ///   - operation: the kind of statement that matters most, such as `SELECT` or `INSERT`.
    ///   - collection: the table it is about.
    public init(_ operation: StaticString, _ collection: StaticString) {
        self.operation = operation
        self.collection = collection
        self.number = Self.numbers.withLock { numbers in
            let name = "\(operation) \(collection)"
            if let number = numbers[name] { return number }
            let number = numbers.count
            numbers[name] = number
            return number
        }
    }

    /// With a number of the caller's choice: how a test reaches the numbers that a large program would.
    init(_ operation: StaticString, _ collection: StaticString, number: Int) {
        self.operation = operation
        self.collection = collection
        self.number = number
    }

    // Grows by literals of the source only, so it is bounded by the program's size.
    private static let numbers = Mutex<[String: Int]>([:])

    public static func == (left: DatabaseOperation, right: DatabaseOperation) -> Bool { left.number == right.number }
    public func hash(into hasher: inout Hasher) { hasher.combine(self.number) }
}
