import HTTPCore
import Testing

@Suite("Request decoder: hostile bytes")
struct HostileRequestTests {
    @Test("A hostile request is refused with its reason and status", arguments: Hostile.requests)
    func refusal(message: Hostile) {
        #expect(decodeRequest(message.bytes).refusal == message.kind)
        #expect(message.kind.status.code == message.status)
    }

    @Test("Refusals use the statuses of the API and nothing else")
    func statuses() {
        let codes = Set(HTTP1Error.Kind.allCases.map(\.status.code))
        #expect(codes == [400, 413, 414, 417, 431, 501, 505])
    }

    @Test("Each refusal has a sentence of its own")
    func messages() {
        let messages = HTTP1Error.Kind.allCases.map(\.message)
        #expect(Set(messages).count == messages.count)
        #expect(messages.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("What an upstream did wrong is a bad gateway to the client")
    func upstream() {
        var decoder = HTTP1ResponseDecoder()
        #expect {
            try [UInt8].wire("nonsense").withUnsafeBytes { try decoder.decodeHead($0, requestMethod: .get) }
        } throws: {
            ($0 as? HTTP1Error)?.status == .badGateway
        }
    }

    @Test("A first byte that no method has is refused without waiting for a line")
    func tls() {
        #expect(decodeRequest([0x16, 0x03, 0x01]).refusal == .invalidMethod)
    }
}
