import Glibc
import Telemetry
import TelemetryTesting
import Testing

enum Outcome: String, MetricLabel {
    case success, failure, outOfStock = "out_of_stock"
    static var labelName: String { "shop.outcome" }
}

enum Method: String, MetricLabel {
    case card, paypal
    static var labelName: String { "method" }
}

enum Single: String, MetricLabel {
    case only
    static var labelName: String { "single" }
}

@Suite("Counters, gauges and histograms")
struct CounterTests {
    static let logins = CounterDescriptor<Outcome>("shop.logins", unit: .count("login"), help: "Logins, by outcome.")

    @Test("Series exist at zero from the start, and each add goes to its own")
    func series() throws {
        let test = TestTelemetry()
        let logins = test.metrics.counter(Self.logins)
        #expect(try test.value("shop_logins_total", ["shop_outcome": "out_of_stock"]) == 0)
        logins.add(2, .failure)
        logins.add(1, .outOfStock)
        logins.series(.failure).add()
        logins.add(-5, .success)
        #expect(try test.value("shop_logins_total", ["shop_outcome": "failure"]) == 3)
        #expect(try test.value("shop_logins_total", ["shop_outcome": "out_of_stock"]) == 1)
        #expect(try test.value("shop_logins_total", ["shop_outcome": "success"]) == 0)
        #expect(logins.series(.failure).value == 3)
    }

    @Test("Two and three labels have a series for every combination")
    func combinations() throws {
        let test = TestTelemetry()
        let pairs = test.metrics.counter(
            CounterDescriptor<LabelPair<Outcome, Method>>("shop.payments", unit: .count("payment"), help: "Payments."))
        let triples = test.metrics.upDownCounter(
            UpDownCounterDescriptor<LabelTriple<Single, Method, Outcome>>("shop.open", unit: .count("x"), help: "Open.")
        )
        pairs.add(4, LabelPair(.outOfStock, .card))
        triples.add(-3, LabelTriple(.only, .paypal, .failure))
        let text = try test.samples()
        #expect(text.series("shop_payments_total").count == 6 && text.series("shop_open").count == 6)
        #expect(text.value("shop_payments_total", ["shop_outcome": "out_of_stock", "method": "card"]) == 4)
        #expect(text.value("shop_open", ["single": "only", "method": "paypal", "shop_outcome": "failure"]) == -3)
    }

    @Test("Registering again gives the same series")
    func idempotent() {
        let test = TestTelemetry()
        test.metrics.counter(Self.logins).add(1, .success)
        test.metrics.counter(Self.logins).add(1, .success)
        #expect(test.metrics.counter(Self.logins).series(.success).value == 2)
    }

    @Test("The same name with another meaning stops the program")
    func conflict() async {
        await #expect(processExitsWith: .failure) {
            let test = TestTelemetry()
            _ = test.metrics.counter(CounterDescriptor<NoLabels>("a", unit: .none, help: "One."))
            _ = test.metrics.counter(CounterDescriptor<NoLabels>("a", unit: .none, help: "Another."))
        }
    }

    @Test("Concurrent adds on more threads than there are slots lose nothing")
    func threads() {
        let test = TestTelemetry()
        let counter = test.metrics.counter(CounterDescriptor<NoLabels>("c", unit: .none, help: "C."))
        let open = test.metrics.upDownCounter(UpDownCounterDescriptor<NoLabels>("o", unit: .none, help: "O."))
        let durations = test.metrics.histogram(HistogramDescriptor<NoLabels>("d", unit: .seconds, help: "D."))
        let threads = (0..<48).map { _ in
            startThread {
                for _ in 0..<2_000 {
                    counter.add()
                    open.add(2)
                    open.add(-1)
                    durations.record(seconds: 0.5)
                }
            }
        }
        for thread in threads { pthread_join(thread, nil) }
        let total = 48 * 2_000
        #expect(counter.series(NoLabels()).value == total && open.series(NoLabels()).value == total)
        #expect(durations.series(NoLabels()).count == total)
        #expect(durations.series(NoLabels()).sum == Double(total) / 2)
    }

    @Test("A bucket counts values up to and including its bound")
    func buckets() throws {
        let test = TestTelemetry()
        let sizes = test.metrics.histogram(
            HistogramDescriptor<NoLabels>("size", unit: .bytes, help: "Sizes.", buckets: [0.5, 1, 10]))
        for value in [0.5, 0.500001, 1, 10, 10.5, .infinity, -1, .nan] { sizes.record(value) }
        sizes.record(nanoseconds: 1_000_000_000)
        let text = try test.samples()
        let counts = text.series("size_bytes_bucket").map { $0.value }
        #expect(counts == [2, 5, 6, 8])
        #expect(text.value("size_bytes_count") == 8)
        #expect(text.value("size_bytes_sum") == .infinity)
    }

    @Test("A gauge shows what was set last, observers what they answer at the scrape")
    func gauges() throws {
        let test = TestTelemetry()
        let units = test.metrics.gauge(GaugeDescriptor<Method>("stock.units", unit: .count("unit"), help: "Units."))
        units.set(3, .card)
        units.set(-1.5, .paypal)
        units.series(.card).set(4)
        test.metrics.observableGauge(GaugeDescriptor<NoLabels>("load", unit: .ratio, help: "Load.")) {
            [(NoLabels(), 0.25)]
        }
        test.metrics.observableCounter(CounterDescriptor<Method>("spent", unit: .seconds, help: "Spent.")) {
            [(.card, 1.5), (.paypal, .infinity)]
        }
        #expect(try test.value("stock_units", ["method": "card"]) == 4)
        #expect(try test.value("stock_units", ["method": "paypal"]) == -1.5)
        #expect(try test.value("load_ratio") == 0.25)
        #expect(try test.value("spent_seconds_total", ["method": "paypal"]) == .infinity)
    }

    @Test("Open label sets share one overflow series beyond their bound")
    func overflow() throws {
        let test = TestTelemetry()
        let requests = test.metrics.dynamicCounter(
            DynamicDescriptor("requests", kind: .counter, unit: .none, help: "R.", labelNames: ["route"]), seriesMax: 2)
        let latency = test.metrics.dynamicHistogram(
            DynamicDescriptor("latency", kind: .histogram, unit: .seconds, help: "L.", labelNames: ["route"]),
            seriesMax: 1)
        let depth = test.metrics.dynamicGauge(
            DynamicDescriptor("depth", kind: .gauge, unit: .none, help: "D.", labelNames: ["queue"]))
        for index in 0..<10 {
            requests.series(["/\(index)"]).add()
            latency.series(["/\(index)"]).record(seconds: 1)
        }
        requests.series(["/0"]).add(5)
        depth.series(["a"]).set(7)
        #expect(try test.value("requests_total", ["route": "/0"]) == 6)
        #expect(try test.value("requests_total", ["otel_metric_overflow": "true"]) == 8)
        #expect(try test.value("latency_seconds_count", ["otel_metric_overflow": "true"]) == 9)
        #expect(try test.value("depth", ["queue": "a"]) == 7)
    }
}

/// Runs `body` on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Job(body)).toOpaque())
    return thread
}
