import Routing

/// An outcome that is the caller's to mend. In the log it reads as the caller reads it, unless it knows more.
protocol UserRefusal: ProblemConvertible, CustomStringConvertible {}

extension UserRefusal {
    var description: String { self.problem.detail }
}
