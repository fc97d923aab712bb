/// One SQL statement: a literal in the source, or text composed while the program runs.
///
/// A literal is recognised by its address, so looking its prepared statement up costs a few nanoseconds whatever its
/// length. Interpolation does not compile, on purpose: values belong in bindings, never in the text.
public struct SQL: Sendable, ExpressibleByStringLiteral {
    enum Storage: Sendable {
        case literal(StaticString)
        case dynamic(String)
    }

    let storage: Storage

    /// Makes a statement from a literal.
    public init(stringLiteral text: StaticString) {
        // A literal of one character may hold a scalar rather than a pointer.
        self.storage = text.hasPointerRepresentation ? .literal(text) : .dynamic(text.description)
    }

    /// Makes a statement from text put together at run time, for example a list of optional filters.
    ///
    /// Only trusted fragments may go into `text`; whatever a stranger sent goes into bindings. Its prepared statement
    /// is cached by the whole text.
    public init(dynamic text: String) {
        self.storage = .dynamic(text)
    }

    /// The statement as text.
    public var text: String {
        switch self.storage {
        case .literal(let text): text.description
        case .dynamic(let text): text
        }
    }

    /// What the statement cache looks up.
    var key: Key {
        switch self.storage {
        case .literal(let text):
            .literal(address: UInt(bitPattern: unsafe text.utf8Start), length: text.utf8CodeUnitCount)
        case .dynamic(let text): .dynamic(text)
        }
    }

    /// Identity of a statement. The length belongs to it because linkers may let one literal begin inside another.
    enum Key: Hashable {
        case literal(address: UInt, length: Int)
        case dynamic(String)
    }
}
