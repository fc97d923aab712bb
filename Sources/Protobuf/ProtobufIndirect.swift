/// A message that may hold, in the end, another of its own kind; it lies on the heap.
///
/// An array of at most one: the one container whose element may be the type that it is part of.
@propertyWrapper
public struct ProtobufIndirect<Message: ProtobufMessage>: Sendable, Hashable {
    private var storage: [Message]

    public init(wrappedValue: Message?) {
        self.storage = wrappedValue.map { [$0] } ?? []
    }

    public var wrappedValue: Message? {
        get { self.storage.first }
        set { self.storage = newValue.map { [$0] } ?? [] }
    }
}
