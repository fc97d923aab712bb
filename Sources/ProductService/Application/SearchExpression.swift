/// What a shopper typed, as a full-text query that cannot be anything else.
///
/// Only letters and digits are kept; everything between them separates words, so no operator, quote or column filter of
/// the query language gets through. Each word is looked for as it is and as the beginning of one, and all must be found;
/// a product that has the word itself ranks higher.
struct SearchExpression: Sendable, Hashable {
    /// The words, at most `wordsMax`; empty when nothing in the text can be searched for.
    let words: [String]

    /// The most characters of a text that is searched for.
    static let lengthMax = 200
    /// Further words are left out.
    static let wordsMax = 16

    init(_ text: String) {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if Self.isPartOfWord(scalar, after: word.last) {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        self.words = Array(words.prefix(Self.wordsMax))
    }

    /// The FTS5 query: `("pen" OR "pen" *) AND ("black" OR "black" *)`.
    var match: String {
        self.words.map { "(\"\($0)\" OR \"\($0)\" *)" }.joined(separator: " AND ")
    }

    /// What the tokenizer of the index keeps too: letters, numbers and private characters; marks go with the letter
    /// before them.
    private static func isPartOfWord(_ scalar: Unicode.Scalar, after last: Unicode.Scalar?) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse:
            true
        case .nonspacingMark, .spacingMark, .enclosingMark: last != nil
        default: false
        }
    }
}
