/// Leaves that write at a pointer and answer where they ended. The caller has reserved the room.
extension UnsafeMutablePointer<UInt8> {
    /// A comma if `needed`, without a branch: the byte is overwritten when it was not.
    @inline(__always)
    func putComma(_ needed: Bool) -> UnsafeMutablePointer<UInt8> {
        self[0] = UInt8(ascii: ",")
        return self + (needed ? 1 : 0)
    }

    /// `"name":`
    @inline(__always)
    func putKey(_ name: UnsafePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
        self[0] = UInt8(ascii: "\"")
        let end = (self + 1).putBytes(name, count)
        end[0] = UInt8(ascii: "\"")
        end[1] = UInt8(ascii: ":")
        return end + 2
    }

    /// Copies `count` bytes. Short runs are copied as two words that may overlap: keys are short, and a call to
    /// `memcpy` costs more than they do.
    @inline(__always)
    func putBytes(_ source: UnsafePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
        if count > 16 {
            self.update(from: source, count: count)
        } else if count >= 8 {
            self.copyEnds(source, count, as: UInt64.self)
        } else if count >= 4 {
            self.copyEnds(source, count, as: UInt32.self)
        } else if count >= 2 {
            self.copyEnds(source, count, as: UInt16.self)
        } else if count == 1 {
            self[0] = source[0]
        }
        return self + count
    }

    /// Copies the first and the last word of a run that is one to two words long.
    @inline(__always)
    private func copyEnds<Word: FixedWidthInteger & BitwiseCopyable>(
        _ source: UnsafePointer<UInt8>, _ count: Int, as: Word.Type
    ) {
        let last = count - MemoryLayout<Word>.size
        let head = source.load(0, as: Word.self)
        let tail = source.load(last, as: Word.self)
        self.store(head, 0)
        self.store(tail, last)
    }

    @inline(__always)
    func store<Word: BitwiseCopyable>(_ word: Word, _ offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: word, as: Word.self)
    }
}

extension UnsafePointer<UInt8> {
    @inline(__always)
    func load<Word: BitwiseCopyable>(_ offset: Int, as: Word.Type) -> Word {
        UnsafeRawPointer(self + offset).loadUnaligned(as: Word.self)
    }
}
