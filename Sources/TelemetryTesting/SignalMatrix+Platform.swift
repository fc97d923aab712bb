extension SignalMatrix {
    /// Which service of the platform emits what. A test holds a whole journey through the shop against it, both ways.
    public static let platform = SignalMatrix(table: Self.platformTable)

    public static let platformTable = """
        | Signal | gateway | user | product | cart | order |
        |---|---|---|---|---|---|
        | spans: server | ● | ● | ● | ● | ● |
        | spans: client | ● | ● | ● | ● | ● |
        | spans: internal | | | ● | | ● |
        | log lines | ● | ● | ● | ● | ● |
        """
}
