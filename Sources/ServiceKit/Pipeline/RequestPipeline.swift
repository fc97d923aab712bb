import CSystem
import Faults
public import HTTPCore
public import Resilience
public import Routing
public import Telemetry

/// What every request of a listener passes through, in order: observe, problems, internal token, admission, who calls,
/// admission of the user, access, deadline, handler.
///
/// Observing is outermost and wraps the mapping of errors to problems, so that every request ends exactly once, with a
/// status and a duration, in the span, the log line and the metrics alike.
public final class RequestPipeline: HTTPResponder, Sendable {
    private let router: Router
    private let configuration: PipelineConfiguration
    private let telemetry: Telemetry
    private let authenticator: (any Authenticator)?
    private let edge: (any EdgePolicy)?
    private let faults: FaultInjector?
    private let shedder: LoadShedder?
    private let instruments: ServerInstruments
    private let expectedToken: InternalToken?

    /// - Parameters:
    ///   - authenticator: nil when no route of the listener knows users.
    ///   - faults: what requests meet on purpose; nil for nothing.
    ///   - shedder: who refuses requests when there are too many; nil for nobody.
    public init(
        routes: RouteTable, configuration: PipelineConfiguration, telemetry: Telemetry,
        authenticator: (any Authenticator)? = nil, edge: (any EdgePolicy)? = nil, faults: FaultInjector? = nil,
        shedder: LoadShedder? = nil
    ) {
        self.router = Router(routes)
        self.configuration = configuration
        self.telemetry = telemetry
        self.authenticator = authenticator
        self.edge = edge
        self.faults = faults
        self.shedder = shedder
        self.instruments = ServerInstruments(telemetry: telemetry, routes: routes.routes)
        self.expectedToken = configuration.internalToken.map { InternalToken($0) }
    }

    // MARK: Observe

    public func respond(to original: HTTPRequest) async -> HTTPResponse {
        let start = vitrine_monotonic_nanoseconds()
        var request = original
        self.edge?.prepare(&request)
        let match = self.router.match(request.method, request.path)
        if case .found(let route, let parameters) = match, !route.isObserved {
            return await self.respondUnobserved(to: request, route, parameters)
        }
        let route: Route? = if case .found(let route, _) = match { route } else { nil }
        let (parent, links, baggage) = self.extract(request.fields)
        let span = self.telemetry.tracer.startSpan(
            Self.spanName(request.method, route), kind: .server, parent: parent, links: links, startNanoseconds: start)
        let active = self.instruments.active(request.method)
        active.add(1)
        let context = TelemetryContext(span: span, baggage: baggage)
        var (response, failure) = await TelemetryContext.$current.withValue(context) {
            await self.answer(request, match, span)
        }
        active.add(-1)
        let end = vitrine_monotonic_nanoseconds()
        self.finish(request, route, response.status, failure, context, start: start, end: end)
        if let edge = self.edge {
            EdgeFields.append(to: &response.fields, request: request, span: span.context, nanoseconds: end &- start)
            edge.decorate(&response, for: request)
        }
        return response
    }

    /// A route's own name is at hand; HEAD answered by a GET route and methods without a route are rare.
    private static func spanName(_ method: HTTPMethod, _ route: Route?) -> String {
        if let route, route.method == method { return route.spanName }
        return route.map { "\(method.spanName) \($0.template)" } ?? method.spanName
    }

    /// The caller's span as parent or as link, and its baggage, as the policy says.
    private func extract(_ fields: HTTPFields) -> (parent: SpanContext?, links: [SpanLink], Baggage) {
        switch self.configuration.remoteContext {
        case .trust:
            let (parent, baggage) = self.readHeaders(fields)
            return (parent, [], baggage)
        case .link:
            let (caller, baggage) = self.readHeaders(fields)
            return (nil, caller.map { [SpanLink($0)] } ?? [], baggage)
        case .ignore: return (nil, [], .empty)
        }
    }

    private func readHeaders(_ fields: HTTPFields) -> (SpanContext?, Baggage) {
        let propagators = self.telemetry.propagators
        let baggage = propagators.contains(.baggage) ? fields.combined(.baggage) : nil
        // More than one `traceparent` is as good as none (Trace Context, section 3.2.1).
        guard propagators.contains(.traceContext), fields.valueCount(of: .traceparent) == 1 else {
            return (nil, W3CPropagator.extract(traceparent: nil as String?, baggage: baggage).1)
        }
        let tracestate = fields.combined(.tracestate)
        return fields.withValue(.traceparent) {
            W3CPropagator.extract(traceparent: $0, tracestate: tracestate, baggage: baggage)
        } ?? (nil, .empty)
    }

    private func finish(
        _ request: HTTPRequest, _ route: Route?, _ status: HTTPStatus, _ failure: RequestFailure?,
        _ context: TelemetryContext, start: UInt64, end: UInt64
    ) {
        guard let span = context.span else { return }
        let isServerError = status.code >= 500
        let errorType = isServerError ? failure?.type ?? String(status.code) : nil
        self.instruments.record(
            request.method, route, status: status.code, errorType: errorType, nanoseconds: end &- start,
            span: span.context)
        let attributes = RequestAttributes.make(
            request, route, status: status, failure: failure, errorType: errorType, nanoseconds: end &- start,
            baggage: context.baggage)
        // A server span's status stays unset on 4xx (HTTP spans, "Status").
        if isServerError {
            let status = SpanStatus.error(failure?.text ?? "")
            self.telemetry.finish(
                span, "request failed", level: .error, attributes: attributes, status: status, at: end)
        } else {
            self.telemetry.finish(span, "request", attributes: attributes, at: end)
        }
    }

    /// Health, metrics and the like: answered, and neither traced, logged nor counted.
    private func respondUnobserved(
        to request: HTTPRequest, _ route: Route, _ parameters: PathParameters
    ) async -> HTTPResponse {
        let context = TelemetryContext(isSuppressed: true)
        var response = await TelemetryContext.$current.withValue(context) {
            let span = self.telemetry.tracer.startSpan(route.spanName)
            let call = RequestContext(
                route: route, parameters: parameters, request: request, identity: nil, telemetry: self.telemetry,
                span: span, deadline: .after(route.timeout ?? self.configuration.requestTimeout))
            do {
                return try await route.handler(request, call)
            } catch {
                return RequestFailure(error).problem.response(instance: request.path, traceID: "")
            }
        }
        self.edge?.decorate(&response, for: request)
        return response
    }

    // MARK: Answer

    private func answer(
        _ request: HTTPRequest, _ match: Router.Match, _ span: ActiveSpan
    ) async -> (HTTPResponse, RequestFailure?) {
        do {
            return (try await self.handle(request, match, span), nil)
        } catch {
            let failure = RequestFailure(error)
            if failure.isUnexpected { self.telemetry.log.exception(error, level: .error, in: span.context) }
            let traceID = span.context.traceID.description
            var response = failure.problem.response(instance: request.path, traceID: traceID)
            // Told to the platform's own processes; strangers need not know who stands behind whom.
            let isMarked = failure.problem.isUpstream || failure.problem.type == Self.overloadedType
            if isMarked, self.edge == nil {
                response.fields.append(.xVitrineFailure, literal: "upstream")
            }
            response.isAborted = (error as? InjectedFailure)?.manner == .reset
            return (response, failure)
        }
    }

    /// That of a request which was shed: the service is busy, and not broken.
    private static let overloadedType = "/problems/overloaded"

    private func handle(_ request: HTTPRequest, _ match: Router.Match, _ span: ActiveSpan) async throws -> HTTPResponse
    {
        try self.checkInternalToken(request)
        guard case .found(let route, _) = match else { return try await self.admit(request, match, span, nil) }
        let deadline = self.deadline(of: request, route)
        guard let faults = self.faults, faults.isActive(at: .server) else {
            return try await self.admitUnderLoad(request, match, route, span, deadline)
        }
        let harm = try await faults.beforeHandling(
            route: Self.spanName(request.method, route), baggage: TelemetryContext.current.baggage, deadline: deadline,
            span: span)
        let response = try await self.admitUnderLoad(request, match, route, span, deadline)
        return harm?.applied(to: response) ?? response
    }

    /// Takes a request in unless there are too many in flight for one of its kind.
    private func admitUnderLoad(
        _ request: HTTPRequest, _ match: Router.Match, _ route: Route, _ span: ActiveSpan, _ deadline: Deadline
    ) async throws -> HTTPResponse {
        guard let shedder = self.shedder else { return try await self.admit(request, match, span, deadline) }
        let priority = self.edge?.priority(of: route) ?? (route.method == .get ? .sheddable : .normal)
        guard let permit = shedder.admit(priority, now: vitrine_monotonic_nanoseconds()) else {
            throw Problem.unavailable("There are too many requests in progress.", code: "overloaded")
        }
        do {
            let response = try await self.admit(request, match, span, deadline)
            let outcome: LoadOutcome = response.status.code < 500 ? .completed : .ignored
            shedder.finish(permit, outcome, now: vitrine_monotonic_nanoseconds())
            return response
        } catch {
            shedder.finish(
                permit, deadline.isPast ? .dropped : .ignored, now: vitrine_monotonic_nanoseconds())
            throw error
        }
    }

    /// - Parameter deadline: nil where no route was found.
    private func admit(
        _ request: HTTPRequest, _ match: Router.Match, _ span: ActiveSpan, _ deadline: Deadline?
    ) async throws -> HTTPResponse {
        if let answer = self.edge?.preflight(request) { return answer }
        try self.edge?.admit(request)
        switch match {
        case .notFound:
            throw Problem.notFound("Nothing is at \(request.path.prefix(200)).")
        case .methodNotAllowed(let allowed):
            if request.method == .options {
                var fields = HTTPFields()
                fields.append(.allow, allowed)
                return HTTPResponse(.noContent, fields: fields, body: .empty)
            }
            throw Problem.methodNotAllowed(request.method, allowed: allowed)
        case .found(let route, let parameters):
            let identity = try await self.identify(request, route)
            if let identity { try self.edge?.admit(identity) }
            try Self.check(route.access, identity)
            let context = RequestContext(
                route: route, parameters: parameters, request: request, identity: identity, telemetry: self.telemetry,
                span: span, deadline: deadline ?? self.deadline(of: request, route))
            return try await route.handler(request, context)
        }
    }

    private func checkInternalToken(_ request: HTTPRequest) throws {
        guard let expected = self.expectedToken else { return }
        guard expected.isBorne(by: request.fields) else {
            throw Problem.forbidden("This listener answers the platform's own processes only.")
        }
    }

    /// Who calls. A token that is not valid counts as none where strangers are welcome: an expired one must not keep
    /// anybody from logging in again.
    private func identify(_ request: HTTPRequest, _ route: Route) async throws -> Identity? {
        guard let authenticator = self.authenticator, request.fields.contains(.authorization) else { return nil }
        do {
            return try await authenticator.identify(request.fields)
        } catch  where route.access == .anyone {
            return nil
        }
    }

    private static func check(_ access: Access, _ identity: Identity?) throws {
        switch access {
        case .anyone: return
        case .authenticated:
            guard identity != nil else { throw Problem.unauthorized("This needs an access token.") }
        case .admin:
            guard let identity else { throw Problem.unauthorized("This needs an access token.") }
            guard identity.isAdmin else { throw Problem.forbidden("This needs the role admin.") }
        }
    }

    /// The earlier of the route's own bound and what the calling process still waits.
    private func deadline(of request: HTTPRequest, _ route: Route) -> Deadline {
        var timeout = route.timeout ?? self.configuration.requestTimeout
        // Only the platform's own processes are believed.
        if self.expectedToken != nil, let text = request.fields[.xVitrineTimeout], let milliseconds = Int(text),
            milliseconds >= 0
        {
            timeout = min(timeout, .milliseconds(milliseconds))
        }
        return .after(timeout)
    }
}

extension HTTPFields {
    func valueCount(of name: HTTPFieldName) -> Int {
        var count = 0
        self.forEachValue(of: name) { _ in count += 1 }
        return count
    }
}
