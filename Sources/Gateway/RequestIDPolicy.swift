/// Which request ids of clients are kept.
enum RequestIDPolicy {
    /// Short and printable without a quote, so that an id can stand in any log and command line.
    static func isSane(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        (1...128).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
