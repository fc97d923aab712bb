// HTTP/2 as a value: bytes in, events out, over nghttp2. No socket, no clock.
