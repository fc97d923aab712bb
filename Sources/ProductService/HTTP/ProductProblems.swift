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
