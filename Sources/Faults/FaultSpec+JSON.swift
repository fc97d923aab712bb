public import JSON

/// A fault in JSON, as it is asked for.
public struct FaultRequest: Sendable, Hashable {
    /// Nil: a new fault; otherwise the one that is replaced, or that is to have this id.
    public let id: String?
    public let spec: FaultSpec

    /// Reads and checks a fault. `docs/faults.md` has the fields.
    ///
    /// What an answer says besides (`active_until`, `remaining_seconds`, `injections`) is passed over, so that an
    /// answer can be sent back.
    /// - Throws: `FaultSpecError` that names every mistake.
    public init(_ object: JSONObject) throws(FaultSpecError) {
        var reader = FaultSpecReader(object)
        reader.ignore(["active_until", "remaining_seconds", "injections"])
        self.id = reader.id()
        let spec = reader.spec()
        guard reader.mistakes.isEmpty, let spec else { throw FaultSpecError(mistakes: reader.mistakes) }
        self.spec = spec
    }
}

extension FaultSpecReader {
    private static let effectFields: Set<String> = [
        "latency_ms", "jitter_ms", "distribution", "status", "grpc_status", "retry_after_seconds", "after_bytes",
        "bytes_per_second", "share", "block_ms", "every_ms", "mebibytes",
    ]
    private static let scopeFields: Set<String> = ["upstream", "route", "percentage", "seed", "baggage"]

    fileprivate mutating func id() -> String? {
        guard let id = self.text("id", length: 1...32) else { return nil }
        let isPlain = id.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
        }
        guard isPlain else {
            self.reject("id", "must consist of a to z, 0 to 9, - and _")
            return nil
        }
        return id
    }

    /// Nil after a mistake, and sometimes with one: only without any does it count.
    fileprivate mutating func spec() -> FaultSpec? {
        let kind = self.choice("kind", of: FaultKind.self, isRequired: true)
        let point = self.choice("point", of: FaultPoint.self, isRequired: true)
        let seconds = self.number(
            "duration_seconds", in: 0.1...FaultSpec.durationSecondsMax, isRequired: true)
        let label = self.text("label", length: 1...64)
        guard let kind, let point else {
            // Without them nothing can be said of the rest, except what is misspelt.
            self.ignore(Array(Self.effectFields.union(Self.scopeFields)))
            self.rejectLeftovers(known: [], reason: "")
            return nil
        }
        guard kind.points.contains(point) else {
            let points = kind.points.map(\.rawValue).joined(separator: ", ")
            self.reject("point", "must be \(points) where kind is \(kind.rawValue)")
            self.ignore(Array(Self.effectFields.union(Self.scopeFields)))
            self.rejectLeftovers(known: [], reason: "")
            return nil
        }
        let upstream = point == .client ? self.text("upstream", length: 1...64, isRequired: true) : nil
        let isScoped = point != .process
        let route = isScoped ? self.route() : nil
        let percentage = isScoped ? self.percentage() : nil
        let seed = isScoped ? self.integer("seed", in: 0...9_007_199_254_740_991) : nil
        let baggage = isScoped ? self.baggage() : nil
        let effect = self.effect(kind, point)
        self.rejectLeftovers(
            known: Self.effectFields.union(Self.scopeFields),
            reason: "has no meaning where kind is \(kind.rawValue) and point \(point.rawValue)")
        guard let effect, let seconds else { return nil }
        return FaultSpec(
            effect: effect, point: point, upstream: upstream, route: route, percentage: percentage ?? 100,
            seed: seed ?? 0, baggage: baggage, duration: .microseconds(Int((seconds * 1e6).rounded())), label: label)
    }

    private mutating func route() -> RoutePattern? {
        guard let text = self.text("route", length: 1...200) else { return nil }
        guard !text.dropLast().contains("*") else {
            self.reject("route", "may have a * at its end only")
            return nil
        }
        return RoutePattern(text)
    }

    private mutating func percentage() -> Double? {
        guard let percentage = self.number("percentage", in: 0...100) else { return nil }
        guard percentage > 0 else {
            self.reject("percentage", "must be above 0")
            return nil
        }
        return percentage
    }

    private mutating func baggage() -> FaultSpec.BaggageEntry? {
        self.nested("baggage") { reader in
            let key = reader.text("key", length: 1...256, isRequired: true)
            let value = reader.text("value", length: 1...1_024, isRequired: true)
            guard let key, let value else { return nil }
            return FaultSpec.BaggageEntry(key: key, value: value)
        }
    }

    private mutating func effect(_ kind: FaultKind, _ point: FaultPoint) -> FaultEffect? {
        switch kind {
        case .latency: return self.latency().map(FaultEffect.latency)
        case .error: return .error(self.failure(point))
        case .reset: return .reset
        case .hang: return .hang
        case .truncate: return .truncate(afterBytes: self.integer("after_bytes", in: 0...1 << 20) ?? 0)
        case .slowBody:
            return self.integer("bytes_per_second", in: 1...1 << 20, isRequired: true)
                .map(FaultEffect.slowBody(bytesPerSecond:))
        case .paymentDecline: return .paymentDecline
        case .paymentTimeoutAfterSuccess: return .paymentTimeoutAfterSuccess
        case .paymentUnavailable: return .paymentUnavailable
        case .cpuBurn: return self.number("share", in: 0.01...1, isRequired: true).map(FaultEffect.cpuBurn(share:))
        case .loopBlock: return self.loopBlock()
        case .memoryGrowth:
            return self.integer("mebibytes", in: 1...FaultTable.mebibytesMax, isRequired: true)
                .map(FaultEffect.memoryGrowth(mebibytes:))
        }
    }

    private mutating func latency() -> Latency? {
        let most = Latency.most / .milliseconds(1)
        let distribution = self.choice("distribution", of: Latency.Distribution.self)
        let jitter = self.number("jitter_ms", in: 0...most) ?? 0
        guard let milliseconds = self.number("latency_ms", in: 1...most, isRequired: true) else { return nil }
        if jitter > 0, distribution == .fixed || distribution == .exponential {
            self.reject("jitter_ms", "has no meaning where distribution is \(distribution?.rawValue ?? "")")
            return nil
        }
        return Latency(milliseconds: milliseconds, jitterMilliseconds: jitter, distribution: distribution)
    }

    private mutating func failure(_ point: FaultPoint) -> FaultEffect.Failure {
        // A database has no statuses.
        guard point != .database else { return FaultEffect.Failure() }
        return FaultEffect.Failure(
            status: self.integer("status", in: 400...599), grpcStatus: self.integer("grpc_status", in: 1...16),
            retryAfterSeconds: self.integer("retry_after_seconds", in: 1...3_600))
    }

    private mutating func loopBlock() -> FaultEffect? {
        let every = self.integer("every_ms", in: 10...60_000) ?? 1_000
        guard let block = self.integer("block_ms", in: 1...5_000, isRequired: true) else { return nil }
        guard block <= every else {
            self.reject("block_ms", "must not be above every_ms, which is \(every)")
            return nil
        }
        return .loopBlock(block: .milliseconds(block), every: .milliseconds(every))
    }
}

extension FaultSpec {
    /// Writes its fields into the object that is open.
    public func writeFields(to writer: inout JSONWriter) {
        writer.field("kind", self.kind.rawValue)
        writer.field("point", self.point.rawValue)
        if let upstream = self.upstream { writer.field("upstream", upstream) }
        if let route = self.route { writer.field("route", route.text) }
        if self.point != .process {
            writer.field("percentage", self.percentage)
            writer.field("seed", self.seed)
        }
        if let baggage = self.baggage {
            writer.key("baggage")
            writer.beginObject()
            writer.field("key", baggage.key)
            writer.field("value", baggage.value)
            writer.endObject()
        }
        writer.field("duration_seconds", self.duration / .seconds(1))
        if let label = self.label { writer.field("label", label) }
        self.effect.writeFields(to: &writer)
    }
}

extension FaultEffect {
    fileprivate func writeFields(to writer: inout JSONWriter) {
        switch self {
        case .latency(let latency):
            writer.field("latency_ms", latency.milliseconds)
            if latency.jitterMilliseconds > 0 { writer.field("jitter_ms", latency.jitterMilliseconds) }
            writer.field("distribution", latency.distribution.rawValue)
        case .error(let failure):
            if let status = failure.status { writer.field("status", status) }
            if let status = failure.grpcStatus { writer.field("grpc_status", status) }
            if let seconds = failure.retryAfterSeconds { writer.field("retry_after_seconds", seconds) }
        case .truncate(let bytes): writer.field("after_bytes", bytes)
        case .slowBody(let rate): writer.field("bytes_per_second", rate)
        case .cpuBurn(let share): writer.field("share", share)
        case .loopBlock(let block, let every):
            writer.field("block_ms", block / .milliseconds(1))
            writer.field("every_ms", every / .milliseconds(1))
        case .memoryGrowth(let mebibytes): writer.field("mebibytes", mebibytes)
        case .reset, .hang, .paymentDecline, .paymentTimeoutAfterSuccess, .paymentUnavailable: break
        }
    }
}
