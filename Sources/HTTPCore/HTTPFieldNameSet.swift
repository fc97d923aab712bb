/// A set of well-known field names, tested with one shift.
public struct HTTPFieldNameSet: Sendable, Hashable {
    @usableFromInline var low: UInt64 = 0
    @usableFromInline var high: UInt64 = 0

    /// - Precondition: every name is one of the well-known ones.
    public init(_ names: [HTTPFieldName]) {
        precondition(KnownFieldName.allCases.count <= 128, "the set has 128 places")
        for name in names {
            precondition(name.known != .none, "\(name.rawValue) is not a well-known field name")
            let code = name.known.rawValue
            if code < 64 { self.low |= 1 << UInt64(code) } else { self.high |= 1 << UInt64(code - 64) }
        }
    }

    @inlinable
    func contains(_ known: KnownFieldName) -> Bool {
        let code = known.rawValue
        return code < 64 ? self.low >> UInt64(code) & 1 == 1 : self.high >> UInt64(code - 64) & 1 == 1
    }
}

extension HTTPFields {
    /// The lines whose names are not in `names`, in one pass, with room for `spareBytes` more.
    public func removing(_ names: HTTPFieldNameSet, spareLines: Int = 0, spareBytes: Int = 0) -> HTTPFields {
        var kept = HTTPFields()
        kept.reserve(fields: self.lines.count + spareLines, bytes: self.bytes.count + spareBytes)
        for line in self.lines where !names.contains(line.known) {
            var moved = line
            moved.start = UInt32(kept.bytes.count)
            kept.bytes.append(contentsOf: self.bytes[line.nameStart..<line.end])
            kept.lines.append(moved)
        }
        return kept
    }

    /// Whether any line's name is in `names`.
    @inlinable
    public func containsAny(of names: HTTPFieldNameSet) -> Bool {
        for line in self.lines where names.contains(line.known) { return true }
        return false
    }
}
