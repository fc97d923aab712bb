public import JSON

/// The breakers of a process by name, for whoever operates it. Names are known when it is made, so there are never
/// more.
public final class BreakerRegistry: Sendable {
    /// What an operator may do to a breaker.
    public enum Order: String, Sendable, CaseIterable {
        case open
        case disable
        case reset
    }

    private let breakers: [String: CircuitBreaker]

    /// Breakers at most; more are a mistake of the program.
    public static let breakersMax = 64

    /// - Precondition: names differ, and there are 64 at most.
    public init(_ breakers: [CircuitBreaker]) {
        precondition(breakers.count <= Self.breakersMax, "\(breakers.count) breakers, \(Self.breakersMax) allowed")
        var byName: [String: CircuitBreaker] = [:]
        for breaker in breakers {
            let before = byName.updateValue(breaker, forKey: breaker.name)
            precondition(before == nil, "two breakers are called \(breaker.name)")
        }
        self.breakers = byName
    }

    /// In alphabetical order.
    public var names: [String] { self.breakers.keys.sorted() }

    public func breaker(_ name: String) -> CircuitBreaker? { self.breakers[name] }

    /// Carries an order out. False where there is no such breaker; one that is in that state already is left as it is.
    public func apply(_ order: Order, to name: String) -> Bool {
        guard let breaker = self.breakers[name] else { return false }
        switch order {
        case .open: breaker.forceOpen()
        case .disable: breaker.disable()
        case .reset: breaker.reset()
        }
        return true
    }

    /// Writes `{"breakers":[…]}`, in alphabetical order.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("breakers")
        writer.beginArray()
        for name in self.names { self.breakers[name]?.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    /// Writes a breaker's flight recorder. False, with nothing written, where there is no such breaker.
    public func writeFlights(of name: String, to writer: inout JSONWriter) -> Bool {
        guard let breaker = self.breakers[name] else { return false }
        breaker.writeFlights(to: &writer)
        return true
    }
}
