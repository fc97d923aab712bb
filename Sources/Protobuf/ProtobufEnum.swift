/// An enumeration of a contract. Open: a number that has no name here is kept, in the case `unrecognized`.
public protocol ProtobufEnum: Sendable, Hashable {
    /// The value numbered 0, which a field has that was never set.
    init()
    /// The value of a number, the named one where there is one.
    init(rawValue: Int32)
    var rawValue: Int32 { get }
}
