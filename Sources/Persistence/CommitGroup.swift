import SQLite

/// Writes that share one transaction, each undone alone when it fails, all decided together.
///
/// The first needs no savepoint: undoing it is undoing the transaction. Nobody is told anything before COMMIT has
/// returned, failures included, because a write may have failed on account of what an earlier one in the group did.
struct CommitGroup {
    let namespace: String
    let connection: SQLiteConnection
    private var members: [WriteRequest] = []

    init(namespace: String, connection: SQLiteConnection, expecting size: Int) {
        self.namespace = namespace
        self.connection = connection
        self.members.reserveCapacity(size)
    }

    /// How many writes it holds, failed ones included.
    var count: Int { self.members.count }

    /// What became of a write that was handed over.
    enum Step {
        /// It is in the group, done or undone.
        case joined
        /// The group, this write included, was answered with an error; a new one begins empty.
        case dissolved
        /// No transaction could be opened.
        case refused(any Error)
    }

    /// Runs a claimed `request` as part of the group.
    mutating func run(_ request: WriteRequest) -> Step {
        let isFirst = self.members.isEmpty
        do {
            if isFirst { try self.connection.begin(.immediate) } else { try self.connection.beginSavepoint() }
        } catch {
            if isFirst { return .refused(error) }
            self.members.append(request)
            return self.dissolve(error)
        }
        let failure = self.execute(request)
        self.members.append(request)
        guard self.connection.isInTransaction else {
            return self.dissolve(failure ?? EndedByBody())
        }
        return failure == nil ? self.keep(isFirst: isFirst) : self.undo(isFirst: isFirst)
    }

    /// Commits; nobody is told yet.
    ///
    /// - Returns: why the commit failed, or nil.
    func commit() -> (any Error)? {
        do {
            try self.connection.commit()
            return nil
        } catch {
            // The rollback's own failure would only hide the commit's.
            try? self.connection.rollback()
            return error
        }
    }

    /// Tells every member how it went: what became of it, or `failure` of the commit in its place.
    mutating func answer(instead failure: (any Error)?) {
        for member in self.members { member.answer(instead: failure) }
        self.members.removeAll(keepingCapacity: true)
    }

    private func execute(_ request: WriteRequest) -> (any Error)? {
        do {
            try request.execute(on: self.connection)
            // Looked at here, because at COMMIT one dangling reference would fail every member.
            guard self.connection.hasDeferredViolations else { return nil }
            throw SQLiteError(code: .constraintForeignKey, message: "FOREIGN KEY constraint failed (deferred)")
        } catch {
            request.keep(failure: error)
            return error
        }
    }

    private mutating func keep(isFirst: Bool) -> Step {
        if isFirst { return .joined }
        do {
            try self.connection.releaseSavepoint()
            return .joined
        } catch {
            return self.dissolve(error)
        }
    }

    private mutating func undo(isFirst: Bool) -> Step {
        do {
            if isFirst {
                try self.connection.rollback()
                // Alone and undone: there is nothing to wait for.
                self.answer(instead: nil)
                return .dissolved
            }
            try self.connection.rollbackSavepoint()
            return .joined
        } catch {
            return self.dissolve(error)
        }
    }

    /// Gives the whole transaction up: the newest member is told the cause, the others that theirs was lost with it.
    private mutating func dissolve(_ cause: any Error) -> Step {
        // SQLite may have rolled back by itself, as it does when the disk is full.
        try? self.connection.rollback()
        let lost = PersistenceError.transactionLost(namespace: self.namespace, cause: "\(cause)")
        self.members.popLast()?.answer(instead: cause is EndedByBody ? lost : cause)
        self.answer(instead: lost)
        return .dissolved
    }

    private struct EndedByBody: Error, CustomStringConvertible {
        var description: String { "a write ran COMMIT or ROLLBACK itself" }
    }
}
