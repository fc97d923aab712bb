import HTTPCore
import RPC
import Testing

@testable import RPC

@Suite("Metadata")
struct MetadataTests {
    @Test("Text and bytes come back")
    func roundTrip() throws {
        var metadata = RPCMetadata()
        try metadata.append("x-colour", "red, or blue")
        try metadata.append("x-colour", "green")
        try metadata.append("trace-bin", binary: [0, 255, 1])
        #expect(metadata["x-colour"] == "red, or blue")
        #expect(metadata.values(of: "x-colour") == ["red, or blue", "green"])
        #expect(metadata.binaryValues(of: "trace-bin") == [[0, 255, 1]])
        #expect(metadata["trace-bin"] == nil)
        #expect(metadata.binaryValues(of: "x-colour").isEmpty)
        #expect(metadata.fields["trace-bin"] == "AP8B")
    }

    @Test(
        "The protocol's own names are refused, and are not read",
        arguments: [
            "grpc-status", "grpc-timeout", "grpc-anything", "te", "content-type", "content-length", "host",
            "connection", "keep-alive", "proxy-connection", "transfer-encoding", "trailer", "upgrade", "http2-settings",
        ])
    func reserved(name: String) throws {
        let name = try #require(HTTPFieldName(name))
        var metadata = RPCMetadata()
        #expect(throws: RPCMetadataError.reservedName(name.rawValue)) { try metadata.append(name, "x") }
        var fields = HTTPFields()
        fields.append(name, "x")
        #expect(RPCMetadata(received: fields)[name] == nil)
        #expect(RPCMetadata(received: fields).isEmpty)
    }

    @Test("Names, values and sizes are bounded")
    func bounds() throws {
        var metadata = RPCMetadata()
        #expect(throws: RPCMetadataError.invalidName("x!y")) { try metadata.append("x!y", "v") }
        #expect(throws: RPCMetadataError.binaryName("x-bin")) { try metadata.append("x-bin", "v") }
        #expect(throws: RPCMetadataError.textName("x")) { try metadata.append("x", binary: [1]) }
        for value in ["a\r\nb: c", "ä", "\0", "\u{7F}"] {
            #expect(throws: RPCMetadataError.invalidValue("x")) { try metadata.append("x", value) }
        }
        try metadata.append("x", String(repeating: "a", count: RPCMetadata.byteCountMax - 33))
        #expect(throws: RPCMetadataError.tooLarge) { try metadata.append("y", "") }
        #expect(metadata.byteCount == RPCMetadata.byteCountMax)
    }

    @Test("Values that were joined with commas are told apart; what is not Base64 is passed over")
    func joined() {
        let metadata = RPCMetadata(received: ["a-bin": "AQ, Ag==,!!,Aw", "a-bin": "BA"])
        #expect(metadata.binaryValues(of: "a-bin") == [[1], [2], [3], [4]])
    }

    @Test("Base64 is written without padding and read either way", arguments: 0..<12)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 91 &+ 200) }
        let text = Base64.encode(bytes)
        #expect(!text.contains(0x3D))
        #expect(text.withUnsafeBufferPointer { Base64.decode($0) } == bytes)
        let padded = text + [UInt8](repeating: 0x3D, count: (4 - text.count % 4) % 4)
        #expect(padded.withUnsafeBufferPointer { Base64.decode($0) } == bytes)
    }

    @Test(
        "Vectors of RFC 4648",
        arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")])
    func vectors(plain: String, encoded: String) {
        #expect(String(decoding: Base64.encode(Array(plain.utf8)), as: UTF8.self) == encoded)
    }

    @Test(
        "Hostile Base64 is refused",
        arguments: [
            "A", "AAAAA", "AB=", "A===", "====", "Z g", "Zg=", "Zh", "Zm9", "Zm9v=", "-_-_", "Zg==Zg==", "\u{0}AAA",
        ])
    func hostile(text: String) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { Base64.decode($0) } == nil)
    }
}
