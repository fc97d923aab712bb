import CSystem
import HTTPCore
import Resilience
import Routing
import ServiceKit
import Telemetry

/// The catalogue as it was last seen, for while the product service cannot be asked: an older answer, which says how old
/// it is, instead of none.
///
/// Only what everybody sees alike is kept: answers to GET whose route needs no identity.
struct LastGoodPages: Sendable {
    /// An answer as it can be given again.
    private struct Page: Sendable {
        let fields: HTTPFields
        let body: [UInt8]
    }

    private let pages: Fallback<String, Page>
    /// How long a fresh answer is waited for where an older one is at hand.
    private let patience: Duration
    private let log: Logger

    /// The largest answer that is kept, in bytes; a list of a hundred products has some 30 KiB.
    private static let pageBytesMax = 64 << 10
    /// The longest target that is kept, in bytes: nobody is to fill the memory with what nobody else asks for.
    private static let targetBytesMax = 256
    /// An answer that comes again unchanged is taken for new from this age on.
    private static let renewal = Duration.seconds(1)
    /// What makes an answer one of its own moment.
    private static let ownFields = HTTPFieldNameSet([.traceparent, .xRequestID, .serverTiming, .date, .age, .warning])

    init(settings: FallbackSettings, patience: Duration, telemetry: Telemetry) {
        self.patience = patience
        self.pages = Fallback("catalogue", settings, telemetry: telemetry)
        self.log = telemetry.log
    }

    /// Gives the service's answer and keeps it, or an older one if it has none to give now, or not soon.
    func answer(
        of service: ServiceName, _ request: HTTPRequest, _ context: RequestContext,
        _ forward: (Deadline) async throws -> HTTPResponse
    ) async throws -> HTTPResponse {
        let key = request.target
        let last = self.pages.kept(key, now: vitrine_monotonic_nanoseconds())
        let deadline = last != nil ? min(context.deadline, .after(self.patience)) : context.deadline
        let response: HTTPResponse
        do {
            response = try await forward(deadline)
        } catch let error as UpstreamError {
            guard let older = self.older(key, context, "\(error)") else { throw error }
            return older
        }
        if [502, 503, 504].contains(response.status.code) {
            guard let older = self.older(key, context, String(response.status.code)) else { return response }
            if case .stream(let stream, _) = response.body { stream.cancel() }
            return older
        }
        if response.status == .notFound || response.status == .gone {
            self.pages.remove(key)
            return response
        }
        do {
            return try await self.kept(response, key, instead: last)
        } catch {
            // It broke off behind its head.
            guard let older = self.older(key, context, "\(error)") else {
                throw UpstreamError(name: service, cause: error)
            }
            return older
        }
    }

    /// Keeps an answer that is at hand or short; one that streams without a length goes through as it is.
    private func kept(
        _ response: HTTPResponse, _ key: String, instead last: StaleValue<Page>?
    ) async throws -> HTTPResponse {
        guard response.status == .ok, key.utf8.count <= Self.targetBytesMax, let length = response.body.length,
            length <= Self.pageBytesMax
        else { return response }
        var response = response
        let body = try await response.body.collect(upTo: Self.pageBytesMax)
        response.body = .bytes(body)
        // What many people look at is the same again and again: then its age alone would be new.
        if let last, last.age < Self.renewal, last.value.body == body { return response }
        self.pages.store(
            Page(fields: response.fields.removing(Self.ownFields), body: body), for: key,
            bytes: body.count + key.utf8.count + 512, now: vitrine_monotonic_nanoseconds())
        return response
    }

    private func older(_ key: String, _ context: RequestContext, _ cause: String) -> HTTPResponse? {
        guard let stale = self.pages.take(key, now: vitrine_monotonic_nanoseconds()) else { return nil }
        context.span.setAttributes([stale.attribute])
        self.log.warning("older answer given", [stale.attribute, .errorMessage(cause)])
        var fields = stale.value.fields
        fields.append(.warning, stale.warning)
        fields.append(.age, String(stale.ageSeconds))
        return HTTPResponse(.ok, fields: fields, body: .bytes(stale.value.body))
    }
}
