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

    /// Copies `count` bytes. Short runs are copied as two words that may overlap: keys are short, and a call to `memcpy`
    /// costs more than they do.
    @inline(__always)
    func putBytes(_ source: UnsafePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
        if count > 16 {
            self.update(from: source, count: count)
        } else if count >= 8 {
            let head = source.load64(0)
            let tail = source.load64(count - 8)
            self.store64(head, 0)
            self.store64(tail, count - 8)
        } else {
            var index = 0
            while index < count {
                self[index] = source[index]
                index += 1
            }
        }
        return self + count
    }

    @inline(__always)
    func store64(_ word: UInt64, _ offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: word, as: UInt64.self)
    }
}

extension UnsafePointer<UInt8> {
    @inline(__always)
    func load64(_ offset: Int) -> UInt64 {
        UnsafeRawPointer(self + offset).loadUnaligned(as: UInt64.self)
    }
}
