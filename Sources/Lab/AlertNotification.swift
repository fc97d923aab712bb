import JSON

/// What Alertmanager posts to a webhook, version 4 of its format.
///
/// Source: Alertmanager's documentation, "Configuration", `<webhook_config>`.
package struct AlertNotification: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable {
        case firing, resolved
    }

    package struct Entry: Sendable, Hashable {
        package let status: Status
        package let alert: Alert
    }

    package let entries: [Entry]

    /// Bytes of the whole.
    package static let bytesMax = 1 << 20
    package static let alertsMax = 512
    /// Labels of one alert, and annotations.
    package static let pairsMax = 64
    package static let nameBytesMax = 128
    /// Longer values are cut.
    package static let valueBytesMax = 1_024

    /// Why a notification is not taken; none of it is then.
    package struct Refusal: Error, Hashable {
        package let reason: String
    }

    package init(parsing bytes: [UInt8]) throws(Refusal) {
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes, limits: JSONLimits(documentBytesMax: Self.bytesMax)) } catch {
            throw Refusal(reason: "not JSON: \(error.reason) at byte \(error.offset)")
        }
        guard document["version"]?.string == "4" else { throw Refusal(reason: "version must be \"4\"") }
        guard let alerts = document["alerts"]?.array else { throw Refusal(reason: "alerts must be an array") }
        guard alerts.count <= Self.alertsMax else { throw Refusal(reason: "more than \(Self.alertsMax) alerts") }
        var entries: [Entry] = []
        for alert in alerts { entries.append(try Self.entry(alert)) }
        self.entries = entries
    }

    private static func entry(_ value: JSONValue) throws(Refusal) -> Entry {
        guard let status = value["status"]?.string.flatMap(Status.init(rawValue:)) else {
            throw Refusal(reason: "an alert's status must be firing or resolved")
        }
        guard let fingerprint = value["fingerprint"]?.string, (1...self.nameBytesMax).contains(fingerprint.utf8.count)
        else { throw Refusal(reason: "an alert has no fingerprint, or one that is too long") }
        let labels = try self.pairs(value["labels"], "labels")
        guard labels["alertname"]?.isEmpty == false else { throw Refusal(reason: "an alert has no alertname") }
        return Entry(
            status: status,
            alert: Alert(
                fingerprint: fingerprint, labels: labels,
                annotations: try self.pairs(value["annotations"] ?? .object([:]), "annotations"),
                startsAt: self.cut(value["startsAt"]?.string ?? "")))
    }

    private static func pairs(_ value: JSONValue?, _ what: String) throws(Refusal) -> [String: String] {
        guard let object = value?.object else { throw Refusal(reason: "an alert's \(what) must be an object") }
        guard object.count <= self.pairsMax else { throw Refusal(reason: "more than \(self.pairsMax) \(what)") }
        var pairs: [String: String] = [:]
        for member in object.members {
            guard let text = member.value.string, member.key.utf8.count <= self.nameBytesMax else {
                throw Refusal(reason: "an alert's \(what) must be texts under names of \(self.nameBytesMax) bytes")
            }
            pairs[member.key] = self.cut(text)
        }
        return pairs
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > self.valueBytesMax else { return text }
        // What is cut within a character becomes its replacement.
        return String(decoding: text.utf8.prefix(self.valueBytesMax), as: UTF8.self)
    }
}
