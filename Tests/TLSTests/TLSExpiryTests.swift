import Glibc
import TLS
import TLSTesting
import Testing

@Suite("Until when certificates are valid")
struct TLSExpiryTests {
    private let files = TestPEMFiles()
    private let authority = TestAuthority()
    private static let day = 86_400

    /// Whether an instant is so many days ahead, give or take what the test takes.
    private func isAhead(_ instant: Int?, days: Int) -> Bool {
        guard let instant else { return false }
        return abs(instant - (time(nil) + days * Self.day)) < 300
    }

    @Test("Without files there is nothing to tell")
    func nothing() throws {
        let expiry = try TLSContext.client().expiry
        #expect(expiry.identity == nil && expiry.trust == nil)
    }

    @Test("Of an identity it is the end of the first certificate of its chain to expire, wherever that stands")
    func identity() throws {
        for (own, above) in [(30, 7), (7, 30)] {
            let identity = self.authority.issue("sender", days: -1...own)
            let intermediate = self.authority.issue("between", days: -1...above)
            let chain = TestIdentity.chained(identity, intermediate)
            let context = try TLSContext.client(identity: self.files.identity(chain, as: "chain"))
            #expect(self.isAhead(context.expiry.identity, days: 7))
            #expect(context.expiry.trust == nil)
        }
    }

    @Test("Of trusted certificates it is that of the first in the file to expire, be it over already")
    func trust() throws {
        let short = self.authority.issue("short", days: -9 ... -2)
        let path = self.files.write(self.authority.certificatePEM + short.certificatePEM, as: "bundle.pem")
        let expiry = try TLSContext.client(trusting: .file(path)).expiry
        #expect(self.isAhead(expiry.trust, days: -2))
        #expect(expiry.identity == nil)
    }

    @Test("A certificate without an end says so by the last second that can be written (RFC 5280, section 4.1.2.5)")
    func farAhead() throws {
        let distant = self.authority.issue("distant", days: -1...1_000_000)
        let context = try TLSContext.client(identity: self.files.identity(distant, as: "distant"))
        #expect(self.isAhead(context.expiry.identity, days: 1_000_000))
    }

    @Test("A server knows those of its own identity, and of the authorities of its clients")
    func server() throws {
        let identity = self.files.identity(self.authority.issue("server", days: -1...5), as: "server")
        let authorities = self.files.write(self.authority.certificatePEM, as: "ca.pem")
        let expiry = try TLSContext.server(identity: identity, clientAuthorities: authorities).expiry
        #expect(self.isAhead(expiry.identity, days: 5) && self.isAhead(expiry.trust, days: 3_650))
    }
}
