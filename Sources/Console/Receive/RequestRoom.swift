import Synchronization

/// How many requests are under way, and room for no more than so many.
final class RequestRoom: Sendable {
    private let limit: Int
    private let count = Atomic<Int>(0)

    init(_ limit: Int) { self.limit = limit }

    /// - Returns: false where there is no room. Each true is to be followed by one `leave`.
    func enter() -> Bool {
        guard self.count.wrappingAdd(1, ordering: .relaxed).newValue <= self.limit else {
            self.leave()
            return false
        }
        return true
    }

    func leave() { self.count.wrappingSubtract(1, ordering: .relaxed) }
}
