/// Messages that are right, shared by the suites that read them whole, split and cut off.
enum Golden {
    static let requests: [String] = [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n",
        "\r\n\r\nGET /api/v1/products?page=1&limit=20&q=[a|b] HTTP/1.1\r\nHost: localhost:8000\r\n"
            + "User-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n",
        "POST /api/v1/orders HTTP/1.1\r\nhost:shop.example\r\ncontent-type:\t application/json \t\r\n"
            + "Idempotency-Key: k-1\r\nContent-Length: 32\r\nExpect: 100-Continue\r\n\r\n"
            + "{\"payment_method\":\"credit_card\"}",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "5;name=\"v\"\r\nhello\r\n00a\r\n0123456789\r\n1\r\n!\r\n0\r\n\r\n",
        "PATCH /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: grpc-status\r\n\r\n"
            + "B\r\nhello world\r\n0;last\r\ngrpc-status: 0\r\nContent-Length: 5\r\nX-Sum:  abc \r\n\r\n",
        "GET http://example.com:8080/a%20b?q=1 HTTP/1.1\r\nHost: other\r\nConnection: Upgrade, close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "PROPFIND /caf%C3%A9/;v=1/@ HTTP/1.1\r\nHost: a\r\nX-Name: caf\u{E9} \u{1F600}\r\nX-Empty:\r\n\r\n",
        "PUT /empty HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "DELETE /api/v1/cart/items/0198f0a0-0000-7000-8000-000000000001 HTTP/1.1\r\nHost: a\r\n"
            + "Content-Length: 0000000000000000000000000002\r\n\r\nok",
    ]

    static let responses: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "4\r\nwiki\r\n6\r\npedia \r\n0\r\nServer-Timing: db;dur=1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 204 \r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
        "HTTP/1.1 304\r\nETag: \"a\"\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok",
    ]
}
