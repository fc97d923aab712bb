import Lab
import Testing

@Suite("The book of experiments")
struct ExperimentBookTests {
    private static let start = ContinuousClock.now
    private static func after(_ seconds: Int) -> ContinuousClock.Instant { self.start.advanced(by: .seconds(seconds)) }
    private static func name(_ text: String) throws -> ExperimentName { try #require(ExperimentName(text)) }

    private func count(_ book: ExperimentBook, _ name: ExperimentName, _ verdict: LabVerdict) -> Int? {
        book.all.first { $0.name == name }?.record.count(of: verdict)
    }

    @Test("Names are small letters, digits and hyphens")
    func names() {
        #expect(ExperimentName("product-killed-2")?.description == "product-killed-2")
        #expect(ExperimentName(String(repeating: "a", count: 64)) != nil)
        for text in ["", "A", "a b", "a_b", "ä", "a/b", "a\n", String(repeating: "a", count: 65)] {
            #expect(ExperimentName(text) == nil, "\(text)")
        }
    }

    @Test("An experiment runs until it is ended, and its verdict is counted")
    func verdict() throws {
        var book = ExperimentBook()
        let name = try Self.name("product-killed")
        try book.begin(name, for: .seconds(60), now: Self.start)
        #expect(book.active == [name])
        #expect(count(book, name, .passed) == 0)
        try book.end(name, .passed, now: Self.after(10))
        #expect(book.active.isEmpty)
        #expect(count(book, name, .passed) == 1)
        #expect(throws: ExperimentBook.Refusal.notActive) { try book.end(name, .passed, now: Self.after(11)) }
        #expect(count(book, name, .passed) == 1)
    }

    @Test("One that nobody ends is given up when its time is over, and not before")
    func expiry() throws {
        var book = ExperimentBook()
        let name = try Self.name("cart-paused")
        try book.begin(name, for: .seconds(60), now: Self.start)
        book.expire(now: Self.after(59))
        #expect(book.active == [name])
        book.expire(now: Self.after(60))
        book.expire(now: Self.after(61))
        #expect(book.active.isEmpty)
        #expect(count(book, name, .aborted) == 1)
        #expect(throws: ExperimentBook.Refusal.notActive) { try book.end(name, .passed, now: Self.after(62)) }
    }

    @Test("Announced again while it runs it gets the new time, and is still one")
    func again() throws {
        var book = ExperimentBook()
        let name = try Self.name("slow")
        try book.begin(name, for: .seconds(10), now: Self.start)
        try book.begin(name, for: .seconds(10), now: Self.after(8))
        book.expire(now: Self.after(12))
        #expect(book.active == [name])
        book.expire(now: Self.after(18))
        #expect(book.active.isEmpty)
        #expect(count(book, name, .aborted) == 1)
    }

    @Test("So many run at once and no more, until one ends or its time is over")
    func full() throws {
        var book = ExperimentBook()
        let names = try (0...ExperimentBook.activeMax).map { try Self.name("e\($0)") }
        for name in names.dropLast() { try book.begin(name, for: .seconds(60), now: Self.start) }
        #expect(throws: ExperimentBook.Refusal.self) {
            try book.begin(names[ExperimentBook.activeMax], for: .seconds(60), now: Self.start)
        }
        // Not one more, so one that runs may be announced again.
        try book.begin(names[0], for: .seconds(90), now: Self.start)
        try book.begin(names[ExperimentBook.activeMax], for: .seconds(60), now: Self.after(60))
        #expect(book.active.count == 2)
    }

    @Test("So many names are remembered, and no more are taken")
    func namesBound() throws {
        var book = ExperimentBook()
        for number in 0..<ExperimentBook.namesMax {
            let name = try Self.name("e\(number)")
            try book.begin(name, for: .seconds(1), now: Self.start)
            try book.end(name, .failed, now: Self.start)
        }
        let fresh = try Self.name("one-more")
        #expect(throws: ExperimentBook.Refusal.self) { try book.begin(fresh, for: .seconds(1), now: Self.start) }
        try book.begin(try Self.name("e0"), for: .seconds(1), now: Self.start)
        #expect(book.all.count == ExperimentBook.namesMax)
    }
}
