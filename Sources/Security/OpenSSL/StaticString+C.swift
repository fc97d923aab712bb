extension StaticString {
    /// The text for C, which may keep the pointer: it is that of a literal and never goes away.
    ///
    /// OpenSSL stores the names it is given in builders and contexts without copying them; the pointer of a `String` that
    /// is lent for one call would dangle there.
    var cString: UnsafePointer<CChar> {
        // A literal ends in a NUL that its count leaves out.
        unsafe UnsafeRawPointer(self.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
