import OrderDomain
import ServiceKit

/// How the simulated provider decides: by the last two digits of the amount, so that every outcome can be had on
/// purpose.
///
/// `docs/payments.md` has the table for people.
enum PaymentRules {
    /// What becomes of a charge, and whether the answer arrives.
    struct Verdict: Sendable, Hashable {
        enum Decision: Sendable, Hashable {
            case captured
            case declined(DeclineReason)
            /// The request is lost on its way: the provider never hears of it.
            case lost
        }

        let decision: Decision
        /// False: the answer is lost, and the caller learns nothing.
        let isAnswered: Bool
    }

    /// What the amount says, or what is done to it on purpose.
    static func verdict(_ amount: Money, _ trouble: PaymentTrouble?) -> Verdict {
        switch trouble {
        case .decline: Verdict(decision: .declined(.cardDeclined), isAnswered: true)
        case .answerLost: Verdict(decision: self.verdict(amount).decision, isAnswered: false)
        case .unavailable: Verdict(decision: .lost, isAnswered: false)
        case nil: self.verdict(amount)
        }
    }

    static func verdict(_ amount: Money) -> Verdict {
        switch amount.minorUnits % 100 {
        case 13: Verdict(decision: .declined(.cardDeclined), isAnswered: true)
        case 14: Verdict(decision: .declined(.insufficientFunds), isAnswered: true)
        case 15: Verdict(decision: .captured, isAnswered: false)
        case 16: Verdict(decision: .declined(.cardDeclined), isAnswered: false)
        case 17: Verdict(decision: .lost, isAnswered: false)
        default: Verdict(decision: .captured, isAnswered: true)
        }
    }
}
