/// How a customer pays.
public enum PaymentMethod: String, Sendable, Hashable, CaseIterable {
    case creditCard = "credit_card"
    case debitCard = "debit_card"
    case paypal
    case bankTransfer = "bank_transfer"
}
