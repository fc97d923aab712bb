/// What is wrong with a plan, in words for whoever wrote it.
public struct LoadPlanError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
