/// What a file says of its declarations, by their path.
struct Comments {
    private var byPath: [[Int32]: String] = [:]

    init() {}

    init(_ source: SourceCodeInfo) {
        for location in source.locations {
            let comment = location.leadingComments.isEmpty ? location.trailingComments : location.leadingComments
            guard !comment.isEmpty else { continue }
            self.byPath[location.path] = comment
        }
    }

    subscript(path: [Int32]) -> String? { self.byPath[path] }
}
