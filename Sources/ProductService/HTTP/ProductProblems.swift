import HTTPCore
import Routing

extension CatalogueError: ProblemConvertible {
    var problem: Problem {
        switch self {
        case .productNotFound: .notFound("There is no such product.")
        case .categoryNotFound: .notFound("There is no such category.")
        case .productChanged: .preconditionFailed("The product has changed since.")
        case .unknownCategory(let field): .unprocessable([FieldError(field, "is not a category of the shop")])
        case .slugTaken(let slug): .conflict("slug-taken", "A category with the slug \(slug) exists.")
        case .slugMissing:
            .unprocessable([FieldError("slug", "is required, because the name has no letter a-z or digit")])
        case .categoryCycle:
            .unprocessable([FieldError("parent_id", "must not be the category itself or one below it")])
        case .categoryTooDeep:
            .unprocessable([FieldError("parent_id", "would make a tree of more than \(CategoryDraft.depthMax) levels")])
        case .tooManyCategories:
            .conflict(
                "too-many-categories", "The shop has \(CategoryDraft.countMax) categories, the most there can be.")
        case .categoryHasProducts(let count):
            .conflict("category-not-empty", "The category still holds \(Self.count(count, "product", "products")).")
        case .categoryHasChildren(let count):
            .conflict("category-not-empty", "The category still holds \(Self.count(count, "category", "categories")).")
        }
    }

    private static func count(_ count: Int, _ one: String, _ many: String) -> String {
        count == 1 ? "1 \(one)" : "\(count) \(many)"
    }
}

extension StockError: ProblemConvertible {
    var problem: Problem {
        switch self {
        case .productNotFound: .notFound("There is no such product.")
        case .belowZero(let left): .conflict("out-of-stock", "Only \(left) left: the stock cannot go below zero.")
        case .aboveLimit:
            .unprocessable([FieldError("delta", "would make more than \(ProductLimits.stock.upperBound) in stock")])
        }
    }
}

extension ReservationError: ProblemConvertible {
    var problem: Problem {
        switch self {
        case .outOfStock(let shortages):
            Problem(
                .conflict, code: "out-of-stock",
                detail: shortages.map { "\($0.name): \($0.wanted) asked for, \($0.left) left." }.joined(separator: " "),
                errors: shortages.map {
                    FieldError("items[\($0.line)].quantity", "only \($0.left) left of \($0.name)")
                })
        case .unknownProducts(let lines):
            .unprocessable(lines.map { FieldError("items[\($0)].product_id", "is not a product of the shop") })
        case .mismatch: .conflict("reservation-mismatch", "The order has reserved other items.")
        case .released: .conflict("reservation-released", "The order's reservation was released.")
        case .unknown: Problem(.notFound, code: "reservation-unknown", detail: "The order has no reservation.")
        }
    }
}
