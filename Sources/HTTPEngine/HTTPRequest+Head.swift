import HTTPCore

extension HTTPRequest {
    init(_ head: HTTP1RequestHead, body: HTTPBody, remoteAddress: String) {
        self.init(
            method: head.method, scheme: head.scheme, authority: head.authority, path: head.path, query: head.query,
            version: head.version, fields: head.fields, body: body, remoteAddress: remoteAddress)
    }
}
