extension String {
    /// Lends the UTF-8 of the string in place.
    ///
    /// Not `withUTF8`, which needs a variable, nor `withContiguousStorageIfAvailable`, which retains: a span does
    /// neither, and reference counting was a third of the writer's time.
    @inline(__always)
    func borrowUTF8<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        self.utf8.span.withUnsafeBufferPointer(body)
    }
}
