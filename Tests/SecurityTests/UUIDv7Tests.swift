import Security
import Testing

@Suite("Identifiers")
struct UUIDv7Tests {
    @Test("A new one has the form, the version and the variant of RFC 9562")
    func form() {
        for _ in 0..<1_000 {
            let text = UUIDv7().description
            let bytes = Array(text.utf8)
            #expect(bytes.count == 36)
            #expect([8, 13, 18, 23].allSatisfy { bytes[$0] == UInt8(ascii: "-") })
            #expect(bytes[14] == UInt8(ascii: "7"))
            #expect("89ab".utf8.contains(bytes[19]))
            #expect(text == text.lowercased())
            #expect(UUIDv7(text)?.description == text)
        }
    }

    @Test("Each one is greater than the one before, as a value and as text")
    func monotonic() {
        var last = UUIDv7()
        for _ in 0..<20_000 {
            let next = UUIDv7()
            #expect(next > last && next.description > last.description)
            last = next
        }
    }

    @Test("They begin with the time")
    func time() {
        let seconds = UUIDv7().unixMilliseconds / 1_000
        // From 2024 to 2100.
        #expect((1_704_067_200...4_102_444_800).contains(seconds))
    }

    @Test("Threads never get the same one, and each sees its own grow")
    func concurrency() async {
        var all: Set<UUIDv7> = []
        await withTaskGroup(of: [UUIDv7].self) { group in
            for _ in 0..<8 { group.addTask { (0..<2_000).map { _ in UUIDv7() } } }
            for await made in group {
                #expect(zip(made, made.dropFirst()).allSatisfy { $0 < $1 })
                all.formUnion(made)
            }
        }
        #expect(all.count == 16_000)
    }

    @Test("Any UUID is read, in either case, and written in lower case")
    func reads() {
        #expect(UUIDv7("00000000-0000-0000-0000-000000000000")?.description == "00000000-0000-0000-0000-000000000000")
        #expect(UUIDv7("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF")?.description == "ffffffff-ffff-ffff-ffff-ffffffffffff")
        #expect(UUIDv7("6BA7B810-9dad-11D1-80b4-00c04fd430c8")?.description == "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
        let example = UUIDv7("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
        #expect(example?.unixMilliseconds == 1_645_557_742_000)
    }

    static let refused = [
        "", "017f22e2", "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2x79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e-279b0-7cc3-98c4-dc0c0c07398f", " 017f22e2-79b0-7cc3-98c4-dc0c0c0739",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398\u{e9}", "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c0739\0f", "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    ]

    @Test("Anything else is not", arguments: refused)
    func refuses(_ text: String) {
        #expect(UUIDv7(text) == nil)
    }
}
