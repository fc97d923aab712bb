import Security
import Testing

@Suite("Passwords")
struct PasswordHasherTests {
    let hasher = PasswordHasher(cost: 4)

    @Test("A password is found right, and only it")
    func roundTrip() throws {
        for password in [
            "a", "correct horse battery staple", "pässwörd 😀", String(repeating: "x", count: 72), " ", "\u{1}\u{7f}",
        ] {
            let hash = try self.hasher.hash(password)
            #expect(hash.utf8.count == 60 && hash.hasPrefix("$2b$04$"))
            #expect(self.hasher.verify(password, hash))
            #expect(!self.hasher.verify(password.dropLast() + "\u{2}", hash))
        }
    }

    @Test("The same password never gets the same hash twice")
    func salted() throws {
        #expect(try self.hasher.hash("password") != self.hasher.hash("password"))
    }

    @Test("The cost is in the hash, and verifying takes it from there")
    func cost() throws {
        let hash = try PasswordHasher(cost: 5).hash("password")
        #expect(hash.hasPrefix("$2b$05$"))
        #expect(self.hasher.verify("password", hash))
    }

    @Test("The last of 72 bytes counts, and a 73rd is refused rather than ignored")
    func length() throws {
        let longest = String(repeating: "é", count: 36)
        let hash = try self.hasher.hash(longest)
        #expect(!self.hasher.verify(String(repeating: "é", count: 35) + "è", hash))
        #expect(throws: PasswordHashError.tooLong(bytesMax: 72)) { try self.hasher.hash(longest + "x") }
        #expect(!self.hasher.verify(longest + "x", hash))
    }

    @Test("A NUL is refused: what follows it would not count")
    func nul() throws {
        #expect(throws: PasswordHashError.containsNUL) { try self.hasher.hash("pass\0word") }
        let hash = try self.hasher.hash("pass")
        #expect(!self.hasher.verify("pass\0word", hash))
        #expect(!self.hasher.verify("pass\0", hash))
    }

    @Test("The empty password is refused")
    func empty() throws {
        #expect(throws: PasswordHashError.empty) { try self.hasher.hash("") }
        #expect(!self.hasher.verify("", try self.hasher.hash("x")))
    }

    static let badHashes = [
        "", "$2b$04$", "*0", "*1", "password", "$1$salt$qJH7.N4xYta3aEG/dfqo/0", "$6$salt$x",
        "$2b$04$cVWp4XaNU8a4v1uMRum2SO",
        // Dearer than the highest cost, cheaper than the lowest, not a number: refused without a round being computed.
        "$2b$31$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
        "$2b$17$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
        "$2b$03$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
        "$2b$xx$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
        "$2x$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
        "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YE",
        "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEmm",
        "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEn",
        "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YE:",
        "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3Y\0m",
    ]

    @Test("A hash that is malformed, foreign or too dear matches nothing", arguments: badHashes)
    func malformedHash(_ hash: String) {
        #expect(!self.hasher.verify("Kk4DQuMMfZL9o", hash))
        #expect(!self.hasher.verify("", hash))
    }

    @Test("Several threads may hash at once")
    func concurrency() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let hash = try self.hasher.hash("password \(number)")
                    return self.hasher.verify("password \(number)", hash) && !self.hasher.verify("password", hash)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test("A cost outside of 4 to 16 is a programmer's error")
    func costBounds() async {
        await #expect(processExitsWith: .failure) { _ = PasswordHasher(cost: 3) }
        await #expect(processExitsWith: .failure) { _ = PasswordHasher(cost: 17) }
    }
}
