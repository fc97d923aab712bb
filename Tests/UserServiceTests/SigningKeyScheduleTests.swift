import Testing

@testable import UserService

@Suite("Signing key schedule")
struct SigningKeyScheduleTests {
    let schedule = SigningKeySchedule(rotation: 1_000, publicationLead: 100, overlap: 50)

    @Test("The first key signs at once")
    func first() {
        #expect(self.schedule.successorDue([], now: 7) == 7)
        #expect(self.schedule.signer([7], now: 7) == 0)
    }

    @Test("The next key is published before it signs")
    func successor() {
        #expect(self.schedule.successorDue([0], now: 899) == nil)
        #expect(self.schedule.successorDue([0], now: 900) == 1_000)
        // After a long stop it is late, and still published first.
        #expect(self.schedule.successorDue([0], now: 5_000) == 5_100)
        #expect(self.schedule.successorDue([0, 1_000], now: 1_000) == nil)
    }

    @Test("The newest key whose time has come signs")
    func signer() {
        #expect(self.schedule.signer([], now: 0) == nil)
        #expect(self.schedule.signer([0, 1_000], now: 999) == 0)
        #expect(self.schedule.signer([0, 1_000], now: 1_000) == 1)
        #expect(self.schedule.signer([500], now: 3) == 0)
    }

    @Test("A key stays until the last token signed with it has expired")
    func retired() {
        #expect(self.schedule.retired([], now: 0).isEmpty)
        #expect(self.schedule.retired([0], now: 1_000_000).isEmpty)
        #expect(self.schedule.retired([0, 1_000], now: 1_049).isEmpty)
        #expect(self.schedule.retired([0, 1_000], now: 1_050) == 0..<1)
        #expect(self.schedule.retired([0, 1_000, 2_000], now: 1_999) == 0..<1)
        #expect(self.schedule.retired([0, 1_000, 2_000], now: 2_050) == 0..<2)
    }

    @Test("A lead longer than half a rotation is cut")
    func shortRotation() {
        #expect(SigningKeySchedule(rotation: 100, publicationLead: 600, overlap: 1).publicationLead == 50)
    }
}
