import Testing

@testable import Resilience

@Suite("Outlier ejection")
struct EndpointOutliersTests {
    private static let start = 100 * second

    private func outliers(
        _ count: Int = 4, _ change: (inout EndpointOutliers.Settings) -> Void = { _ in }
    ) -> EndpointOutliers {
        var settings = EndpointOutliers.Settings()
        settings.consecutiveFailuresMax = 3
        settings.callsMin = 10
        change(&settings)
        return EndpointOutliers(settings, endpoints: (0..<count).map { "e\($0)" })
    }

    private func fail(_ outliers: inout EndpointOutliers, _ name: String, at now: UInt64, times: Int = 3)
        -> [EndpointOutliers.Ejection]
    {
        (0..<times).flatMap { _ in outliers.record(.failure, of: name, now: now) }
    }

    @Test("Failures in a row eject an endpoint, and the others go on")
    func ejects() {
        var outliers = self.outliers()
        #expect(self.fail(&outliers, "e1", at: Self.start, times: 2).isEmpty)
        let ejections = self.fail(&outliers, "e1", at: Self.start, times: 1)
        #expect(ejections.map(\.endpoint) == ["e1"])
        #expect(ejections.first?.reason == .consecutiveFailures)
        #expect(outliers.available(now: Self.start) == ["e0", "e2", "e3"])
    }

    @Test("A success between breaks the row, a cancelled call does not")
    func breaksTheRow() {
        var outliers = self.outliers()
        for _ in 0..<10 {
            #expect(self.fail(&outliers, "e1", at: Self.start, times: 2).isEmpty)
            _ = outliers.record(.success, of: "e1", now: Self.start)
        }
        #expect(self.fail(&outliers, "e1", at: Self.start, times: 2).isEmpty)
        _ = outliers.record(.ignored, of: "e1", now: Self.start)
        #expect(self.fail(&outliers, "e1", at: Self.start, times: 1).count == 1)
    }

    @Test("An ejected endpoint comes back by itself, and is ejected for longer each time it fails again")
    func growsAndReturns() {
        var outliers = self.outliers { $0.interval = .seconds(1_000_000) }
        var now = Self.start
        for times: UInt64 in 1...5 {
            let until = self.fail(&outliers, "e1", at: now).first?.until
            #expect(until == now + times * 10 * second)
            #expect(outliers.isEjected("e1", now: now + times * 10 * second - 1))
            now += times * 10 * second
            #expect(!outliers.isEjected("e1", now: now))
        }
    }

    @Test("An ejection is never longer than the longest")
    func isBounded() {
        var outliers = self.outliers {
            $0.ejectionMax = .seconds(15)
            $0.interval = .seconds(1_000_000)
        }
        _ = self.fail(&outliers, "e1", at: Self.start)
        #expect(self.fail(&outliers, "e1", at: Self.start + 50 * second).first?.until == Self.start + 65 * second)
    }

    @Test("A good interval takes one ejection back")
    func forgives() {
        var outliers = self.outliers()
        _ = self.fail(&outliers, "e1", at: Self.start)
        let back = Self.start + 20 * second
        _ = outliers.record(.success, of: "e0", now: back)
        for _ in 0..<10 { _ = outliers.record(.success, of: "e1", now: back) }
        _ = outliers.record(.success, of: "e0", now: back + 10 * second)
        #expect(self.fail(&outliers, "e1", at: back + 11 * second).first?.until == back + 21 * second)
    }

    @Test(
        "No more than the share is ejected, and one is always left",
        arguments: [(1, 0), (2, 1), (3, 1), (4, 2), (10, 5)])
    func leavesEnough(count: Int, ejected: Int) {
        var outliers = self.outliers(count)
        for number in 0..<count { _ = self.fail(&outliers, "e\(number)", at: Self.start, times: 20) }
        #expect(outliers.ejectedCount(now: Self.start) == ejected)
        #expect(outliers.available(now: Self.start).count == count - ejected)
        #expect(outliers.sparedCount > 0)
    }

    @Test("With a share of one, one endpoint is still left")
    func leavesOne() {
        var outliers = self.outliers(3) { $0.ejectedShareMax = 1 }
        for number in 0..<3 { _ = self.fail(&outliers, "e\(number)", at: Self.start) }
        #expect(outliers.available(now: Self.start) == ["e2"])
    }

    @Test("One bad instance of three, whose failures are never in a row, is found by comparison with the others")
    func compares() {
        var outliers = self.outliers(3)
        func traffic(_ outliers: inout EndpointOutliers, at now: UInt64) -> [EndpointOutliers.Ejection] {
            (0..<40).flatMap { turn in
                let name = "e\(turn % 3)"
                return outliers.record(name == "e2" && turn % 2 == 0 ? .failure : .success, of: name, now: now)
            }
        }
        #expect(traffic(&outliers, at: Self.start).isEmpty)
        let ejections = traffic(&outliers, at: Self.start + 10 * second)
        #expect(ejections.map(\.endpoint) == ["e2"])
        #expect(ejections.first?.reason == .successRate)
    }

    @Test("When all are equally bad none is an outlier")
    func sparesEquals() {
        var outliers = self.outliers(3) { $0.consecutiveFailuresMax = 1_000 }
        for step: UInt64 in 0..<5 {
            for turn in 0..<60 {
                let outcome: CallOutcome = turn / 3 % 2 == 0 ? .failure : .success
                #expect(outliers.record(outcome, of: "e\(turn % 3)", now: Self.start + step * 10 * second).isEmpty)
            }
        }
    }

    @Test("An endpoint with few calls is not compared")
    func needsCalls() {
        var outliers = self.outliers(2)
        for _ in 0..<100 { _ = outliers.record(.success, of: "e0", now: Self.start) }
        _ = self.fail(&outliers, "e1", at: Self.start, times: 2)
        #expect(outliers.record(.success, of: "e0", now: Self.start + 10 * second).isEmpty)
    }

    @Test("The table of endpoints is bounded, and what is beyond is counted")
    func boundsTheTable() {
        var outliers = self.outliers(0) { $0.endpointsMax = 2 }
        for number in 0..<10 { _ = outliers.record(.failure, of: "x\(number)", now: Self.start) }
        #expect(outliers.available(now: Self.start) == ["x0", "x1"])
        #expect(outliers.unknownCount == 8)
    }

    @Test("Endpoints that are gone are forgotten, and those that stay keep what is known of them")
    func replaces() {
        var outliers = self.outliers(4)
        _ = self.fail(&outliers, "e1", at: Self.start)
        outliers.replaceEndpoints(["e1", "e7", "e8"])
        #expect(outliers.available(now: Self.start) == ["e7", "e8"])
        outliers.replaceEndpoints(["e7"])
        outliers.replaceEndpoints(["e1", "e7"])
        #expect(outliers.available(now: Self.start) == ["e1", "e7"])
    }

    @Test("Whatever happens, one is left and no more than the share is ejected", arguments: 0..<50)
    func keepsItsRules(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...8, using: &random)
        var outliers = self.outliers(count) {
            $0.ejectedShareMax = Double.random(in: 0...1, using: &random)
            $0.consecutiveFailuresMax = 2
        }
        var now = Self.start
        for _ in 0..<1_000 {
            now += UInt64.random(in: 0...second, using: &random)
            let outcome: CallOutcome = [.success, .failure, .ignored].randomElement(using: &random)!
            _ = outliers.record(outcome, of: "e\(Int.random(in: 0..<count, using: &random))", now: now)
            #expect(outliers.ejectedCount(now: now) <= outliers.ejectedMax)
            #expect(!outliers.available(now: now).isEmpty)
        }
    }
}
