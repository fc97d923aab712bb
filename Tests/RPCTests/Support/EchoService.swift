import HTTPCore
import Protobuf
import RPC

/// A service with a method of each kind, registered as generated code does it.
enum EchoMethods {
    static let service = "vitrine.test.Echo"
    static let say = RPCMethod(service: service, name: "Say", kind: .unary, idempotency: .idempotent)
    static let fail = RPCMethod(service: service, name: "Fail", kind: .unary)
    static let sum = RPCMethod(service: service, name: "Sum", kind: .clientStreaming)
    static let count = RPCMethod(service: service, name: "Count", kind: .serverStreaming)
    static let chat = RPCMethod(service: service, name: "Chat", kind: .bidirectional)
    /// Put together by hand, as protoc would: message `Message` (field `text`, nested `Inner` with the enumeration `Mood`),
    /// enumeration `Colour`, service `Echo` with the method `Say`.
    static let file = ProtobufFile(
        name: "vitrine/test/echo.proto", dependencies: [common],
        base64: """
            Chd2aXRyaW5lL3Rlc3QvZWNoby5wcm90bxIMdml0cmluZS50ZXN0Ghl2aXRyaW5lL3Rlc3QvY29tbW9uLnByb3RvIi\
            oKB01lc3NhZ2USBgoEdGV4dBoXCgVJbm5lciIOCgRNb29kEgYKBEdMQUQqDwoGQ29sb3VyEgUKA1JFRDINCgRFY2hv\
            EgUKA1NheWIGcHJvdG8z
            """)
    /// Message `Common`.
    static let common = ProtobufFile(
        name: "vitrine/test/common.proto",
        base64: """
            Chl2aXRyaW5lL3Rlc3QvY29tbW9uLnByb3RvEgx2aXRyaW5lLnRlc3QiCAoGQ29tbW9uYgZwcm90bzM=
            """)
}

/// What the methods do, where a test wants something else than echoing.
struct EchoService: Sendable {
    var say: @Sendable (EchoMessage, RPCServerContext) async throws -> EchoMessage = { message, _ in message }
    var count: @Sendable (EchoMessage, RPCResponseWriter<EchoMessage>, RPCServerContext) async throws -> Void = {
        request, responses, _ in
        for number in 0..<request.count { try await responses.write(EchoMessage(request.text, count: number)) }
    }

    func register(on table: inout RPCServiceTable) {
        table.add(service: EchoMethods.service, file: EchoMethods.file)
        table.unary(EchoMethods.say) { (request: EchoMessage, context) in try await self.say(request, context) }
        table.unary(EchoMethods.fail) { (request: EchoMessage, _) -> EchoMessage in
            throw RPCError(RPCCode(rawValue: Int(request.count)) ?? .unknown, request.text)
        }
        table.clientStreaming(EchoMethods.sum) { (requests: RPCRequestStream<EchoMessage>, _) in
            var sum = EchoMessage()
            for try await request in requests {
                sum.text += request.text
                sum.count += request.count
            }
            return sum
        }
        table.serverStreaming(EchoMethods.count) {
            (request: EchoMessage, responses: RPCResponseWriter<EchoMessage>, context) in
            try await self.count(request, responses, context)
        }
        table.bidirectional(EchoMethods.chat) {
            (requests: RPCRequestStream<EchoMessage>, responses: RPCResponseWriter<EchoMessage>, _) in
            for try await request in requests { try await responses.write(request) }
        }
    }
}
