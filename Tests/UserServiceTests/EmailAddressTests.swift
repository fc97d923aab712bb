import Testing

@testable import UserService

@Suite("E-mail addresses")
struct EmailAddressTests {
    @Test(
        "Are kept without white space around them and in lower case",
        arguments: [
            ("ada@example.com", "ada@example.com"),
            ("  Ada.Byron@Example.COM\t\r\n", "ada.byron@example.com"),
            ("ADA+shop@mail.example.co.uk", "ada+shop@mail.example.co.uk"),
            ("o'neil!#$%&*/=?^_`{|}~-@x-y.example", "o'neil!#$%&*/=?^_`{|}~-@x-y.example"),
            ("a@b.co", "a@b.co"),
            ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ])
    func normalised(_ text: String, _ expected: String) {
        #expect(EmailAddress(text)?.rawValue == expected)
    }

    @Test(
        "Are refused when no mail could reach them",
        arguments: [
            "", " ", "@", "ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "ada@b@example.com",
            ".ada@example.com", "ada.@example.com", "a..b@example.com", "ada@.example.com", "ada@example.com.",
            "ada@exa..mple.com", "ada@-example.com", "ada@example-.com", "ada@exam_ple.com", "ada@127.0.0.1",
            "ada@[127.0.0.1]", "\"ada b\"@example.com", "ada b@example.com", "ada@exam ple.com", "adä@example.com",
            "ada@exämple.com", "ada\0@example.com", "ada@example.com\nbcc:x@example.com", "ada\u{200B}@example.com",
            "Ada <ada@example.com>", "mailto:ada@example.com,b@example.com",
        ])
    func refused(_ text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test("Have bounds at 64 bytes before the @, 63 for a label and 254 in all")
    func bounds() {
        let local = String(repeating: "a", count: 64)
        let label = String(repeating: "b", count: 63)
        #expect(EmailAddress("\(local)@example.com") != nil)
        #expect(EmailAddress("a\(local)@example.com") == nil)
        #expect(EmailAddress("a@\(label).com") != nil)
        #expect(EmailAddress("a@b\(label).com") == nil)
        let host = "\(label).\(label)." + String(repeating: "c", count: 57) + ".ex"
        #expect("\(local)@\(host)".utf8.count == 253)
        #expect(EmailAddress("\(local)@\(host)c") != nil)
        #expect(EmailAddress("\(local)@\(host)cc") == nil)
        #expect(EmailAddress(String(repeating: " ", count: 100_000) + "a@b.co") == nil)
    }

    @Test("Do not show in text by accident")
    func description() throws {
        let email = try #require(EmailAddress("ada@example.com"))
        #expect(!"\(email) \([email])".contains("ada"))
        #expect(!String(reflecting: email).contains("ada"))
    }
}

@Suite("Passwords")
struct PasswordTests {
    @Test("Have 8 to 72 bytes and no NUL")
    func bounds() {
        #expect(throws: PasswordRefusal.tooShort) { try Password("1234567") }
        #expect(throws: Never.self) { try Password("12345678") }
        #expect(throws: Never.self) { try Password(String(repeating: "x", count: 72)) }
        #expect(throws: PasswordRefusal.tooLong) { try Password(String(repeating: "x", count: 73)) }
        // 25 letters, 75 bytes.
        #expect(throws: PasswordRefusal.tooLong) { try Password(String(repeating: "€", count: 25)) }
        #expect(throws: PasswordRefusal.containsNUL) { try Password("12345678\0") }
    }

    @Test("Do not show in text by accident")
    func description() throws {
        let password = try Password("correct-horse")
        #expect(!"\(password) \([password])".contains("horse"))
        #expect(!String(reflecting: password).contains("horse"))
    }
}
