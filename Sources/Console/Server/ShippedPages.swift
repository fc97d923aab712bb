/// What is shipped with the program and shown as it is: dashboards and runbooks.
public struct ShippedPages: Sendable {
    public struct Dashboard: Sendable, Hashable {
        public let uid: String
        public let title: String
        public let tags: [String]
        public let text: String
        /// Grafana's JSON, as it lies in `dashboards/`.
        public let json: String

        public init(uid: String, title: String, tags: [String], text: String, json: String) {
            self.uid = uid
            self.title = title
            self.tags = tags
            self.text = text
            self.json = json
        }
    }

    public let dashboards: [Dashboard]
    /// Markdown, by the alert's name.
    public let runbooks: [String: String]

    public init(dashboards: [Dashboard] = [], runbooks: [String: String] = [:]) {
        self.dashboards = dashboards
        self.runbooks = runbooks
    }
}
