// gRPC calls, status, metadata and interceptors, over any `HTTPTransport` and `HTTPResponder`.
