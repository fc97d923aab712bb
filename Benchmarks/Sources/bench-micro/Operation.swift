/// One operation and how often a round repeats it.
struct Operation {
    let name: String
    /// What one operation may cost at the most is a goal of docs/performance.md, in nanoseconds; nil where none is set.
    let goal: Double?
    let repetitions: Int
    /// How many of what is reported one repetition makes: the spans of a batch, say.
    let batch: Int
    /// Performs the operation as often as it is told.
    let body: (Int) async -> Void

    init(
        _ name: String, goal: Double? = nil, repetitions: Int, per batch: Int = 1, _ body: @escaping (Int) async -> Void
    ) {
        self.name = name
        self.goal = goal
        self.repetitions = repetitions
        self.batch = batch
        self.body = body
    }
}
