public import Telemetry

/// One end of an edge between spans: a span of a service.
public struct SpanEnd: Sendable, Hashable, CustomStringConvertible {
    public let service: String
    public let name: String
    public let kind: SpanKind

    public init(service: String, name: String, kind: SpanKind) {
        self.service = service
        self.name = name
        self.kind = kind
    }

    /// `order: place order`, `gateway: {route} (server)`.
    public var description: String {
        "\(self.service): \(self.name)" + (self.kind == .internal ? "" : " (\(self.kind))")
    }

    /// Reads what `description` writes.
    init?(_ text: Substring) {
        guard let colon = text.firstRange(of: ": ") else { return nil }
        self.service = String(text[..<colon.lowerBound])
        let rest = text[colon.upperBound...]
        let kind = [SpanKind.server, .client, .producer, .consumer].first { rest.hasSuffix(" (\($0))") }
        self.kind = kind ?? .internal
        self.name = String(kind.map { rest.dropLast(" (\($0))".count) } ?? rest)
    }

    /// The same with the name left open.
    var anyRoute: SpanEnd { SpanEnd(service: self.service, name: SpanEdge.route, kind: self.kind) }
}

/// That one span may be the parent of another.
public struct SpanEdge: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Nil for the first span of a trace.
    public let parent: SpanEnd?
    public let child: SpanEnd

    /// In place of a name: any route. On both ends it is the same one.
    public static let route = "{route}"

    public init(_ parent: SpanEnd?, _ child: SpanEnd) {
        self.parent = parent
        self.child = child
    }

    public var description: String { "\(self.parent?.description ?? "(none)") → \(self.child)" }

    public static func < (left: SpanEdge, right: SpanEdge) -> Bool { left.description < right.description }
}

/// A set of edges, written as an outline: a line's parent is the line above that is less indented, and lines with `-`
/// begin traces.
public struct SpanEdges: Sendable {
    public let all: Set<SpanEdge>

    /// - Precondition: every line is an end of an edge.
    public init(outline: String) {
        var edges: Set<SpanEdge> = []
        var open: [(indentation: Int, end: SpanEnd)] = []
        for line in outline.split(separator: "\n") {
            let indentation = line.prefix { $0 == " " }.count
            let isRoot = line.hasPrefix("- ")
            guard let end = SpanEnd(isRoot ? line.dropFirst(2) : line.dropFirst(indentation)) else {
                preconditionFailure("not an end of an edge: \(line)")
            }
            open.removeAll { $0.indentation >= indentation }
            if let parent = open.last { edges.insert(SpanEdge(parent.end, end)) }
            if isRoot { edges.insert(SpanEdge(nil, end)) }
            open.append((indentation, end))
        }
        self.all = edges
    }

    /// The declared edge that an edge seen is an example of; nil if there is none.
    public func declared(_ seen: SpanEdge) -> SpanEdge? {
        var candidates = [seen, SpanEdge(seen.parent, seen.child.anyRoute)]
        if let parent = seen.parent {
            candidates.append(SpanEdge(parent.anyRoute, seen.child))
            if parent.name == seen.child.name {
                candidates.append(SpanEdge(parent.anyRoute, seen.child.anyRoute))
            }
            candidates.remove(at: 1)
        }
        return candidates.first { self.all.contains($0) }
    }

    /// The parents that a span of this name can have, as far as they are declared with its name.
    public func parents(ofSpanNamed name: String, kind: SpanKind) -> [String] {
        Set(self.all.filter { $0.child.name == name && $0.child.kind == kind }.map { $0.parent?.description ?? "none" })
            .sorted()
    }
}
