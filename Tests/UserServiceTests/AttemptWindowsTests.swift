import Testing

@testable import UserService

@Suite("Windows of attempts")
struct AttemptWindowsTests {
    @Test("Are full after the limit and open again when they end")
    func fills() {
        var windows = AttemptWindows(limit: 3, window: 100, keysMax: 10)
        for now in 0..<3 {
            #expect(windows.wait(1, now: now) == nil)
            windows.take(1, now: now)
        }
        #expect(windows.wait(1, now: 3) == 97)
        #expect(windows.wait(1, now: 99) == 1)
        #expect(windows.wait(1, now: 100) == nil)
        windows.take(1, now: 100)
        #expect(windows.wait(1, now: 101) == nil)
    }

    @Test("Do not touch one another")
    func independent() {
        var windows = AttemptWindows(limit: 1, window: 100, keysMax: 10)
        windows.take(1, now: 0)
        #expect(windows.wait(1, now: 1) != nil)
        #expect(windows.wait(2, now: 1) == nil)
    }

    @Test("Give back one attempt, or all")
    func givesBack() {
        var windows = AttemptWindows(limit: 2, window: 100, keysMax: 10)
        windows.take(1, now: 0)
        windows.take(1, now: 0)
        windows.giveBack(1)
        #expect(windows.wait(1, now: 1) == nil)
        windows.take(1, now: 1)
        #expect(windows.wait(1, now: 1) == 99)
        windows.clear(1)
        #expect(windows.wait(1, now: 1) == nil)
        windows.giveBack(1)
        windows.giveBack(7)
        windows.take(1, now: 2)
        windows.take(1, now: 2)
        #expect(windows.wait(1, now: 2) == 98)
    }

    @Test("Are forgotten when they end, without being asked for")
    func forgets() {
        var windows = AttemptWindows(limit: 2, window: 100, keysMax: 10_000)
        for key in 0..<5_000 { windows.take(UInt64(key), now: key) }
        #expect(windows.count == 100)
        #expect(windows.evicted == 0)
        windows.take(9_999, now: 100_000)
        #expect(windows.count == 1)
    }

    @Test("Stay within their bound, oldest out first, and count what went early")
    func bounded() {
        var windows = AttemptWindows(limit: 1, window: 1_000_000, keysMax: 100)
        for key in 0..<5_000 { windows.take(UInt64(key), now: key) }
        #expect(windows.count == 100)
        #expect(windows.evicted == 4_900)
        #expect(windows.wait(4_899, now: 5_000) == nil)
        #expect(windows.wait(4_900, now: 5_000) != nil)
    }

    @Test("Stay bounded when keys are cleared and used again and again")
    func clearedKeysStay() {
        var windows = AttemptWindows(limit: 2, window: 1_000, keysMax: 4)
        for now in 0..<10_000 {
            windows.take(UInt64(now % 3), now: now)
            windows.clear(UInt64(now % 3))
        }
        #expect(windows.count <= 3)
        #expect(windows.evicted == 0)
    }

    @Test("Never make anybody wait longer than a window, even when the clock is set back")
    func clockSetBack() {
        var windows = AttemptWindows(limit: 1, window: 100, keysMax: 10)
        windows.take(1, now: 1_000_000)
        #expect(windows.wait(1, now: 5) == 100)
        windows.take(2, now: 5)
        #expect(windows.wait(2, now: 105) == nil)
        windows.take(2, now: 110)
        #expect(windows.wait(2, now: 111) == 99)
        windows.take(3, now: 2_000_000)
        #expect(windows.count == 1)
    }
}

@Suite("Login throttle")
struct LoginThrottleTests {
    private func permit(_ admission: LoginThrottle.Admission) throws -> LoginThrottle.Permit {
        guard case .admitted(let permit) = admission else { throw Refused() }
        return permit
    }
    private struct Refused: Error {}

    @Test("Bounds an account from one address, not from another")
    func accountAndAddress() throws {
        let throttle = LoginThrottle(accountMax: 2, addressMax: 100, window: 100)
        for _ in 0..<2 { _ = try self.permit(throttle.admit(account: "a", address: "x", now: 0)) }
        #expect(throws: Refused.self) { try self.permit(throttle.admit(account: "a", address: "x", now: 1)) }
        #expect(throws: Never.self) { try self.permit(throttle.admit(account: "a", address: "y", now: 1)) }
        #expect(throws: Never.self) { try self.permit(throttle.admit(account: "b", address: "x", now: 1)) }
    }

    @Test("Bounds an address whatever accounts it tries")
    func address() throws {
        let throttle = LoginThrottle(accountMax: 2, addressMax: 5, window: 100)
        for index in 0..<5 { _ = try self.permit(throttle.admit(account: "a\(index)", address: "x", now: 0)) }
        guard case .refused(let wait) = throttle.admit(account: "b", address: "x", now: 40) else {
            Issue.record("admitted")
            return
        }
        #expect(wait == 60)
        #expect(throws: Never.self) { try self.permit(throttle.admit(account: "b", address: "x", now: 100)) }
    }

    @Test("Counts attempts before they end, so that none slips through beside the others")
    func inFlight() throws {
        let throttle = LoginThrottle(accountMax: 3, addressMax: 100, window: 100)
        let permits = try (0..<3).map { _ in try self.permit(throttle.admit(account: "a", address: "x", now: 0)) }
        #expect(throws: Refused.self) { try self.permit(throttle.admit(account: "a", address: "x", now: 0)) }
        throttle.abandoned(permits[0])
        #expect(throws: Never.self) { try self.permit(throttle.admit(account: "a", address: "x", now: 0)) }
    }

    @Test("A right password frees the account but not the address of other guesses")
    func success() throws {
        let throttle = LoginThrottle(accountMax: 3, addressMax: 4, window: 100)
        for _ in 0..<2 { _ = try self.permit(throttle.admit(account: "victim", address: "x", now: 0)) }
        // An account of the guesser's own does not wash the count.
        for _ in 0..<20 { throttle.succeeded(try self.permit(throttle.admit(account: "own", address: "x", now: 0))) }
        for _ in 0..<2 { _ = try self.permit(throttle.admit(account: "other", address: "x", now: 0)) }
        #expect(throws: Refused.self) { try self.permit(throttle.admit(account: "own", address: "x", now: 0)) }
    }

    @Test("Remembers a bounded number of keys")
    func bounded() throws {
        let throttle = LoginThrottle(accountMax: 3, addressMax: 4, window: 1_000_000, keysMax: 50)
        for index in 0..<1_000 { _ = throttle.admit(account: "a\(index)", address: "x\(index)", now: 0) }
        #expect(throttle.keyCount == 100)
        #expect(throttle.evicted == 1_900)
    }
}
