import JSON

/// What the libraries that carry out an experiment say of their parts of it.
enum ChaosChecks {
    static func fault(_ fault: JSONObject) -> String? { nil }
    static func load(_ plan: JSONObject) -> String? { nil }
}
