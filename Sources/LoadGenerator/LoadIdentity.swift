/// How the generator names itself.
public enum LoadIdentity {
    public static let version = "1"
    /// The `user-agent` of each request.
    public static let userAgent = "vitrine-load/\(Self.version)"
}
