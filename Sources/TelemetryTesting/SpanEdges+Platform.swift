extension SpanEdges {
    /// Every parent and child that a trace of the platform can have.
    ///
    /// A test holds a whole journey through the shop against it, both ways. A new span, or a new caller of an old one,
    /// takes a line here.
    public static let platform = SpanEdges(outline: Self.platformOutline)

    /// A span that calls has the span that answers below it, both named by the route; so has the gateway's own, which
    /// passes a request on.
    public static let platformOutline = """
        - gateway: {route} (server)
        """
}
