/// Finds the code of a lower-case name: an open-addressed table of 256 places, filled once from `KnownFieldName.texts`.
struct KnownFieldNameTable: Sendable {
    static let shared = KnownFieldNameTable()

    private struct Place {
        var start: UnsafePointer<UInt8>?
        var count: Int
        var code: KnownFieldName
    }

    /// Invariant: written in `init` only, and never freed, for the table lives as long as the process.
    private nonisolated(unsafe) let places: UnsafeMutablePointer<Place>
    /// The names by their codes; the same invariant.
    private nonisolated(unsafe) let texts: UnsafeMutablePointer<UnsafePointer<UInt8>?>

    private init() {
        self.texts = .allocate(capacity: 256)
        self.texts.initialize(repeating: nil, count: 256)
        self.places = .allocate(capacity: 256)
        self.places.initialize(repeating: Place(start: nil, count: 0, code: .none), count: 256)
        for (text, code) in zip(KnownFieldName.texts, KnownFieldName.allCases.dropFirst()) {
            let name = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            var place = Self.firstPlace(of: name)
            while self.places[place].start != nil { place = (place + 1) & 255 }
            self.texts[Int(code.rawValue)] = text.utf8Start
            self.places[place] = Place(start: text.utf8Start, count: text.utf8CodeUnitCount, code: code)
        }
    }

    /// The code of `name`, which must be in lower case and not empty; `none` for a name that is not well known.
    func code(of name: UnsafeBufferPointer<UInt8>) -> KnownFieldName {
        var place = Self.firstPlace(of: name)
        while let start = self.places[place].start {
            if self.places[place].count == name.count, equalBytes(start, name.baseAddress!, count: name.count) {
                return self.places[place].code
            }
            place = (place + 1) & 255
        }
        return .none
    }

    /// The bytes of a well-known name; nil for `none`.
    func text(of known: KnownFieldName) -> UnsafePointer<UInt8>? {
        self.texts[Int(known.rawValue)]
    }

    private static func firstPlace(of name: UnsafeBufferPointer<UInt8>) -> Int {
        let first = Int(name[0])
        let middle = Int(name[name.count / 2])
        let last = Int(name[name.count - 1])
        return (name.count &* 37 &+ first &* 5 &+ middle &* 59 &+ last &* 83) & 255
    }
}
