import JSON
import LoadGenerator
import Testing

@Suite("Load plans as text")
struct LoadPlanTests {
    private func plan(_ text: String) throws -> LoadPlan {
        try LoadPlan(reading: try #require(try JSONValue(parsing: text).object))
    }

    @Test("A plan is read from JSON, with the usual values for what it does not say")
    func whole() throws {
        let plan = try self.plan(
            """
            {"rate":50,"burst":"5x2s/20s","wave":"0.5/120s","arrivals":"uniform","journeys":{"browse":1,"checkout":2},"seed":7,
             "customers":5,"think":0,"baggage":{"shop.chaos":"run-1"},"timeout":"500ms","duration":90,"in_flight":10,"connections":3}
            """)
        #expect(plan.profile.stages == [LoadProfile.Stage(from: 50, to: 50, length: nil)])
        #expect(plan.profile.burst == (try LoadProfile.Burst("5x2s/20s")))
        #expect(plan.profile.wave == (try LoadProfile.Wave("0.5/120s")))
        #expect(plan.profile.arrivals == .uniform)
        #expect(plan.journeys[.checkout] == 2)
        #expect(plan.journeys[.search] == 0)
        #expect(plan.seed == 7)
        #expect(plan.customers == 5)
        #expect(plan.thinkTime.scale == 0)
        #expect(plan.baggage == ["shop.chaos": "run-1"])
        #expect(plan.timeout == .milliseconds(500))
        #expect(plan.duration == .seconds(90))
        #expect(plan.inFlightMax == 10)
        #expect(plan.connectionsMax == 3)

        let short = try self.plan(#"{"rate":0.5}"#)
        #expect(short == LoadPlan(.steady(0.5)))
        #expect(try self.plan(#"{"rate":1,"journeys":"browse=1"}"#).journeys == JourneyWeights("browse=1"))
    }

    @Test("A ramp stays where it ends; stages are taken as they are")
    func shapes() throws {
        let ramp = try self.plan(#"{"ramp":"10:200:1m"}"#)
        #expect(ramp.profile.rate(at: 30) == 105)
        #expect(ramp.profile.rate(at: 1_000) == 200)
        let stages = try self.plan(#"{"stages":[{"rate":5,"for":"10s"},{"from":5,"to":15,"for":10}]}"#)
        #expect(stages.profile.length == .seconds(20))
        #expect(stages.profile.rate(at: 15) == 10)
        #expect(stages.profile.rate(at: 20) == nil)
    }

    @Test(
        "What is wrong is said in one line",
        arguments: [
            (#"{}"#, "load needs one of rate, ramp and stages"),
            (#"{"rate":1,"ramp":"1:2:3s"}"#, "load needs one of rate, ramp and stages"),
            (#"{"rate":"1"}"#, "rate must be a number"),
            (#"{"rate":0}"#, "a rate is more than 0 and at most 100000 journeys a second, and not 0.0"),
            (#"{"rate":1e9}"#, "a rate is more than 0 and at most 100000 journeys a second, and not 1000000000.0"),
            (#"{"rate":1,"speed":2}"#, "load has no field 'speed'"),
            (#"{"ramp":"1:2"}"#, "a ramp is FROM:TO:LENGTH, such as 10:200:60s, and not '1:2'"),
            (#"{"ramp":"1:x:3s"}"#, "'x' is no rate: write journeys a second, such as 20 or 0.5"),
            (#"{"ramp":"1:2:3"}"#, "'3' is no duration: write a number and ms, s, m or h, such as 90s"),
            (#"{"rate":1,"burst":"2s"}"#, "a burst is FACTORxLENGTH/PERIOD, such as 5x2s/20s, and not '2s'"),
            (#"{"rate":1,"burst":"5x30s/20s"}"#, "the burst '5x30s/20s' is longer than its period"),
            (
                #"{"rate":1,"wave":"2/20s"}"#,
                "a wave is DEPTH/PERIOD, such as 0.5/120s with a depth from 0 to 1, and not '2/20s'"
            ),
            (#"{"rate":1,"arrivals":"bursty"}"#, "arrivals are poisson or uniform, and not 'bursty'"),
            (
                #"{"rate":1,"journeys":{"fly":1}}"#,
                "there is no journey 'fly'; there are browse, search, cart, checkout, orders"
            ),
            (#"{"rate":1,"journeys":{"browse":0}}"#, "no journey has a weight"),
            (
                #"{"rate":1,"journeys":"browse"}"#,
                "a journey's weight is written name=number, such as browse=60, and not 'browse'"
            ),
            (#"{"rate":1,"journeys":"browse=1,browse=2"}"#, "the journey 'browse' is given twice"),
            (#"{"rate":1,"journeys":"browse=-1"}"#, "a journey's weight is a whole number from 0 to 1000000"),
            (#"{"rate":1,"timeout":"2h"}"#, "a timeout is 1ms to 60s"),
            (#"{"rate":1,"customers":0}"#, "customers are 1 to 10000"),
            (#"{"rate":1,"baggage":{"a":1}}"#, "baggage.a must be text"),
            (#"{"stages":[]}"#, "a profile has 1 to 100 stages"),
            (#"{"stages":[{"rate":1},{"rate":2}]}"#, "only the last stage may go without a length"),
            (#"{"stages":[{"speed":1}]}"#, "a stage has rate, or from and to, and for"),
            (#"{"rate":1,"seed":-1}"#, "seed is not below 0"),
        ])
    func refusals(text: String, message: String) throws {
        let error = #expect(throws: LoadPlanError.self) { try self.plan(text) }
        #expect(error?.description == message)
    }

    @Test("A duration is a number and a unit, and nothing else")
    func durations() throws {
        #expect(try LoadText.duration("250ms") == .milliseconds(250))
        #expect(try LoadText.duration("1.5s") == .milliseconds(1_500))
        #expect(try LoadText.duration("2m") == .seconds(120))
        #expect(try LoadText.duration("1h") == .seconds(3_600))
        for text in ["", "s", "-1s", "1", "1e3s", "infs", "nans", "0s", "1000h", "1 s", "1d"] {
            #expect(throws: LoadPlanError.self, "\(text)") { try LoadText.duration(text) }
        }
    }
}
