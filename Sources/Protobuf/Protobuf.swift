// The wire format of Protocol Buffers: messages to bytes and back. No I/O.
