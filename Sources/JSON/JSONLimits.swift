/// Bounds of a document that a parser accepts.
public struct JSONLimits: Sendable, Hashable {
    /// Bytes of the whole document. Default 1 MiB.
    public var documentBytesMax: Int
    /// Arrays and objects inside one another. Default 64; the parser recurses, so keep it modest.
    public var depthMax: Int
    /// Bytes of one number. Default 128: more digits than any double or integer has use for.
    public var numberBytesMax: Int
    /// Values of the whole document: numbers, texts, arrays, objects and the rest. Two bytes (`0,`) are a value that takes
    /// tens of bytes in memory, so documents of many megabytes need this bound too. Default: as many as the bytes hold.
    public var valuesMax: Int

    public init(
        documentBytesMax: Int = 1_048_576, depthMax: Int = 64, numberBytesMax: Int = 128, valuesMax: Int = .max
    ) {
        self.documentBytesMax = documentBytesMax
        self.depthMax = depthMax
        self.numberBytesMax = numberBytesMax
        self.valuesMax = valuesMax
    }
}
