import HTTPCore

/// The version of a representation, as `ETag` says it (RFC 9110, section 8.8.3).
struct EntityTag: Sendable, Hashable {
    /// With quotes, and `W/` in front of a weak one.
    let text: String

    /// A product as it is: its version, and when it was made, so that a database made anew never repeats one.
    static func product(version: Int, updatedAt: Int) -> EntityTag {
        EntityTag(text: "\"\(version)-\(String(updatedAt, radix: 36))\"")
    }

    /// The opaque part, without `W/`.
    private var opaque: Substring.UTF8View.SubSequence {
        self.text.utf8.dropFirst(self.text.utf8.first == UInt8(ascii: "W") ? 2 : 0)
    }

    /// Whether `If-None-Match` names this version; weak and strong tags compare by their opaque parts (RFC 9110,
    /// section 13.1.2).
    func isKnown(by condition: EntityTagCondition?) -> Bool {
        switch condition {
        case nil: false
        case .any: true
        case .oneOf(let tags): tags.contains { EntityTag(text: $0).opaque.elementsEqual(self.opaque) }
        }
    }

    /// Whether `If-Match` lets a change of this version through: it is absent, `*`, or names it. A weak tag never matches
    /// here (RFC 9110, section 13.1.1).
    func isAccepted(by condition: EntityTagCondition?) -> Bool {
        switch condition {
        case nil, .any: true
        case .oneOf(let tags): tags.contains(self.text)
        }
    }
}

/// What `If-Match` or `If-None-Match` asks for.
enum EntityTagCondition: Sendable, Hashable {
    /// `*`: any version there is.
    case any
    /// One of these, each as it was written. Empty when the field holds none that can be read.
    case oneOf([String])

    /// More than these are not looked at.
    private static let tagsMax = 64

    /// Nil when there is no such field.
    init?(_ fields: HTTPFields, _ name: HTTPFieldName) {
        guard fields.contains(name) else { return nil }
        var tags: [String] = []
        var isAny = false
        fields.forEachValue(of: name) { value in
            if value.elementsEqual(CollectionOfOne(UInt8(ascii: "*"))) { isAny = true } else { Self.scan(value, &tags) }
        }
        self = isAny ? .any : .oneOf(tags)
    }

    /// Collects `"…"` and `W/"…"`; what stands between them is skipped.
    private static func scan(_ value: UnsafeBufferPointer<UInt8>, _ tags: inout [String]) {
        var start = 0
        while tags.count < Self.tagsMax, start < value.count {
            guard let open = value[start...].firstIndex(of: UInt8(ascii: "\"")),
                let close = value[(open + 1)...].firstIndex(of: UInt8(ascii: "\""))
            else { return }
            let isWeak = open >= 2 && value[open - 1] == UInt8(ascii: "/") && value[open - 2] == UInt8(ascii: "W")
            tags.append(String(decoding: value[(isWeak ? open - 2 : open)...close], as: UTF8.self))
            start = close + 1
        }
    }
}
