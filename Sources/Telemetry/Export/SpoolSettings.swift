/// Where batches wait on disk while the receiver is away.
public struct SpoolSettings: Sendable, Hashable {
    /// Made if it is not there; one folder for each signal below it.
    public var folder: String
    /// Bytes at most for each signal; the oldest batches go first.
    public var bytesMax: Int

    public init(folder: String, bytesMax: Int = 64 << 20) {
        self.folder = folder
        self.bytesMax = bytesMax
    }
}
