import ShellTesting

/// The Swift sources, and what literals are passed where.
struct DriftSources {
    struct Literal: Hashable, Comparable, CustomStringConvertible {
        let text: String
        /// The target, such as `OrderService`.
        let target: String
        let place: String
        var description: String { "\"\(self.text)\" in \(self.place)" }
        static func < (left: Self, right: Self) -> Bool { left.description < right.description }
    }

    private let files: [(path: String, bytes: [UInt8])]

    init() throws {
        self.files = try Repository.files(below: "Sources", suffix: ".swift").map {
            ($0, try Repository.bytes($0))
        }
    }

    /// The string literals that come right behind `opener`, white space aside.
    ///
    /// - Parameter skipping: arguments before the literal.
    func literals(after opener: String, skipping: Int = 0) -> [Literal] {
        let needle = Array(opener.utf8)
        return self.files.flatMap { path, bytes -> [Literal] in
            var found: [Literal] = []
            var start = 0
            while let end = Self.find(needle, in: bytes, from: start) {
                start = end
                var position = end
                for _ in 0..<skipping {
                    while position < bytes.count, ![0x2C, 0x29].contains(bytes[position]) { position += 1 }
                    position += 1
                }
                while position < bytes.count, [0x20, 0x0A].contains(bytes[position]) { position += 1 }
                guard position < bytes.count, bytes[position] == 0x22 else { continue }
                let text = bytes[(position + 1)...].prefix { $0 != 0x22 && $0 != 0x0A }
                let target = String(path.split(separator: "/")[1])
                found.append(Literal(text: String(decoding: text, as: UTF8.self), target: target, place: path))
            }
            return found
        }
    }

    /// The position after the next occurrence.
    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            var position = start
            while position + needle.count <= bytes.count {
                if bytes[position] == needle[0], bytes[position..<(position + needle.count)].elementsEqual(needle) {
                    return position + needle.count
                }
                position += 1
            }
            return nil
        }
    }
}
