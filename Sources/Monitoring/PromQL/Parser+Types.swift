/// What a binary operator may stand between.
extension Parser {
    func type(
        _ left: Operand, _ symbol: PromQL.BinaryOperator, _ right: Operand, _ matching: PromQL.VectorMatching?
    ) throws(PromQLError) -> ValueType {
        for side in [left, right] where side.type != .scalar && side.type != .instantVector {
            throw self.error("\"\(symbol.rawValue)\" beside \(side.type.rawValue)", at: side.offset)
        }
        let isOfVectors = left.type == .instantVector && right.type == .instantVector
        let isOfScalars = left.type == .scalar && right.type == .scalar
        try self.requireBool(symbol, isOfScalars, matching, at: left.offset)
        if symbol.isSet, !isOfVectors {
            throw self.error("\"\(symbol.rawValue)\" stands between vectors alone", at: left.offset)
        }
        if let matching { try self.requireMatching(matching, symbol, isOfVectors, at: right.offset) }
        return isOfScalars ? .scalar : .instantVector
    }

    private func requireBool(
        _ symbol: PromQL.BinaryOperator, _ isOfScalars: Bool, _ matching: PromQL.VectorMatching?, at offset: Int
    ) throws(PromQLError) {
        let isBool = matching?.isBool ?? false
        if isBool, !symbol.isComparison {
            throw self.error("\"bool\" stands after a comparison alone, not after \"\(symbol.rawValue)\"", at: offset)
        }
        if symbol.isComparison, isOfScalars, !isBool {
            throw self.error("a comparison of scalars needs \"bool\"", at: offset)
        }
    }

    private func requireMatching(
        _ matching: PromQL.VectorMatching, _ symbol: PromQL.BinaryOperator, _ isOfVectors: Bool, at offset: Int
    ) throws(PromQLError) {
        guard let labels = matching.labels else { return }
        // Prometheus lets an empty list pass.
        if !isOfVectors, !labels.names.isEmpty {
            throw self.error("labels are matched between vectors alone", at: offset)
        }
        guard let taken = matching.cardinality.taken else { return }
        if symbol.isSet { throw self.error("\"\(symbol.rawValue)\" takes no grouping", at: offset) }
        if case .on(let names) = labels, let both = taken.first(where: names.contains) {
            throw self.error("label \"\(both)\" is both matched on and taken over", at: offset)
        }
    }
}

extension PromQL.VectorMatching.Labels {
    var names: [String] {
        switch self {
        case .on(let names), .ignoring(let names): names
        }
    }
}

extension PromQL.VectorMatching.Cardinality {
    /// The labels of the one side that the many take over; nil where each has one.
    var taken: [String]? {
        switch self {
        case .oneToOne: nil
        case .manyToOne(let labels), .oneToMany(let labels): labels
        }
    }
}
