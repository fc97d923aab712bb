/// The lines of a cart as one text: `product quantity added changed` each, a line feed after it.
enum StoredLines {
    private static let space = UInt8(ascii: " ")
    private static let lineFeed = UInt8(ascii: "\n")

    static func write(_ lines: [Cart.Line]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(lines.count * 56)
        for line in lines {
            text.append(contentsOf: line.productID.utf8)
            for number in [line.quantity, line.addedIn, line.changedIn] {
                text.append(self.space)
                text.append(contentsOf: String(number).utf8)
            }
            text.append(self.lineFeed)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// - Throws: `StoredLinesError` for what `write` has not written.
    static func read(_ text: UnsafeBufferPointer<UInt8>) throws(StoredLinesError) -> [Cart.Line] {
        var lines: [Cart.Line] = []
        var rest = text[...]
        while !rest.isEmpty {
            let productID = try self.word(&rest, until: self.space)
            guard !productID.isEmpty else { throw StoredLinesError() }
            let quantity = try self.number(&rest, until: self.space)
            let addedIn = try self.number(&rest, until: self.space)
            let changedIn = try self.number(&rest, until: self.lineFeed)
            lines.append(
                Cart.Line(
                    productID: String(decoding: productID, as: UTF8.self), quantity: quantity, addedIn: addedIn,
                    changedIn: changedIn))
        }
        return lines
    }

    /// What stands before the next `end`, which is passed over.
    private static func word(
        _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, until end: UInt8
    ) throws(StoredLinesError) -> Slice<UnsafeBufferPointer<UInt8>> {
        guard let place = rest.firstIndex(of: end) else { throw StoredLinesError() }
        defer { rest = rest[(place + 1)...] }
        return rest[..<place]
    }

    private static func number(
        _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, until end: UInt8
    ) throws(StoredLinesError) -> Int {
        let digits = try self.word(&rest, until: end)
        // 18 digits cannot overflow.
        guard (1...18).contains(digits.count) else { throw StoredLinesError() }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { throw StoredLinesError() }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}

/// A cart's lines cannot be read: the row is damaged.
struct StoredLinesError: Error, Sendable, Hashable, CustomStringConvertible {
    var description: String { "the lines of a stored cart cannot be read" }
}
