import HTTPCore
import Routing
import Synchronization
import Testing

@Suite("How long a request may take")
struct DeadlineTests {
    /// What is left when the handler begins, where the route and the listener set these bounds.
    private func remaining(
        internalToken: String?, route: Duration? = nil, listener: Duration? = nil, header: String? = nil
    ) async -> Duration {
        let seen = Seen()
        let fixture = PipelineFixture(internalToken: internalToken, requestTimeout: listener) {
            $0.get("/things", timeout: route) { _, context in
                let remaining = context.deadline.remaining
                seen.remaining.withLock { $0 = remaining }
                return HTTPResponse(.ok)
            }
        }
        var fields = HTTPFields()
        fields[.xInternalToken] = internalToken
        fields[.xVitrineTimeout] = header
        await fixture.send(.get, "/things", fields)
        return seen.remaining.withLock { $0 }
    }

    private final class Seen: Sendable {
        let remaining = Mutex(Duration.seconds(-1))
    }

    /// A handler begins within a minute of its request, however slow the machine.
    private func isAbout(_ duration: Duration, _ expected: Duration) -> Bool {
        duration <= expected && duration > expected - .seconds(60)
    }

    @Test("Ten seconds, or what the listener is set to, or what the route sets")
    func own() async {
        #expect(self.isAbout(await self.remaining(internalToken: nil), .seconds(10)))
        #expect(self.isAbout(await self.remaining(internalToken: nil, listener: .seconds(200)), .seconds(200)))
        #expect(
            self.isAbout(
                await self.remaining(internalToken: nil, route: .seconds(400), listener: .seconds(200)), .seconds(400)))
    }

    @Test("The platform's own processes may shorten it, and not lengthen it")
    func shortened() async {
        let token = PipelineFixture.internalToken
        let shorter = await self.remaining(internalToken: token, route: .seconds(900), header: "300000")
        #expect(self.isAbout(shorter, .seconds(300)))
        let longer = await self.remaining(internalToken: token, route: .seconds(300), header: "900000")
        #expect(self.isAbout(longer, .seconds(300)))
        let none = await self.remaining(internalToken: token, route: .seconds(300), header: "0")
        #expect(none <= .zero && none > .seconds(-60))
    }

    @Test("Strangers may not: their x-vitrine-timeout does not count")
    func strangers() async {
        let remaining = await self.remaining(internalToken: nil, route: .seconds(900), header: "1")
        #expect(self.isAbout(remaining, .seconds(900)))
    }

    @Test(
        "What is no number of milliseconds does not count",
        arguments: ["", "soon", "-5", "1.5", "99999999999999999999"])
    func junk(header: String) async {
        let remaining = await self.remaining(
            internalToken: PipelineFixture.internalToken, route: .seconds(300), header: header)
        #expect(self.isAbout(remaining, .seconds(300)))
    }
}
