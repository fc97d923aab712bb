import Testing

@testable import CartService

@Suite("Lines of a cart as text")
struct StoredLinesTests {
    private func read(_ text: String) throws -> [Cart.Line] {
        var text = text
        return try text.withUTF8 { bytes in try StoredLines.read(bytes) }
    }

    @Test("What was written is read again", arguments: [0, 1, 2, 100])
    func roundTrip(count: Int) throws {
        let lines = (0..<count).map { number in
            Cart.Line(
                productID: "p-\(number)-ä", quantity: 999 - number, addedIn: number, changedIn: 1_000_000 + number)
        }
        #expect(try self.read(StoredLines.write(lines)) == lines)
    }

    @Test(
        "What nobody wrote is refused, wherever it is cut off",
        arguments: [
            "p", "p ", "p 1", "p 1 1", "p 1 1 1", " 1 1 1\n", "p x 1 1\n", "p -1 1 1\n", "p 1  1\n", "p 1 1\n", "\n",
            "p 1 1 1 1\n", "p 1234567890123456789 1 1\n",
        ])
    func damaged(text: String) {
        #expect(throws: StoredLinesError.self) { try self.read(text) }
    }
}
