import HTTPCore
import JSON
import Routing

/// `/console/v1/dashboards` and `/console/v1/runbooks`.
struct ShippedRoutes: Sendable {
    let pages: ShippedPages

    func register(on routes: inout RouteTable) {
        routes.add(.get, "/console/v1/dashboards", isObserved: false) { _, _ in self.list() }
        routes.add(.get, "/console/v1/dashboards/{uid}", isObserved: false) { _, context in
            let uid = try context.parameter("uid")
            guard let dashboard = self.pages.dashboards.first(where: { $0.uid == uid }) else {
                throw Problem.notFound("There is no dashboard '\(uid.prefix(64))'.")
            }
            return Self.text(dashboard.json, "application/json")
        }
        routes.add(.get, "/console/v1/runbooks/{name}", isObserved: false) { _, context in
            let name = try context.parameter("name")
            guard let runbook = self.pages.runbooks[name] else {
                throw Problem.notFound("There is no runbook '\(name.prefix(64))'.")
            }
            return Self.text(runbook, "text/markdown; charset=utf-8")
        }
    }

    private static func text(_ text: String, _ type: String) -> HTTPResponse {
        HTTPResponse(
            .ok, fields: [.contentType: type, .cacheControl: "no-cache"], body: .bytes(Array(text.utf8)))
    }

    private func list() -> HTTPResponse {
        .json(capacity: 8_192) { json in
            json.beginObject()
            json.key("dashboards")
            json.beginArray()
            for dashboard in self.pages.dashboards {
                json.beginObject()
                json.field("uid", dashboard.uid)
                json.field("title", dashboard.title)
                json.key("tags")
                json.beginArray()
                for tag in dashboard.tags { json.value(tag) }
                json.endArray()
                json.field("description", dashboard.text)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }
}
