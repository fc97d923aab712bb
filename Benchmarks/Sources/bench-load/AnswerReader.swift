/// Finds the end of an answer in the bytes of a connection. Knows `content-length` and chunks, as far as servers on this
/// machine send them to a client that asks for nothing else.
struct AnswerReader {
    private var bytes: [UInt8] = []

    enum Progress: Equatable {
        case incomplete
        /// The answer is complete; its status.
        case complete(Int)
        /// Not an answer that this reader knows.
        case broken
    }

    mutating func append(_ more: UnsafeRawBufferPointer) -> Progress {
        self.bytes.append(contentsOf: more)
        let progress = self.progress()
        if progress != .incomplete { self.bytes.removeAll(keepingCapacity: true) }
        return progress
    }

    private func progress() -> Progress {
        guard let headEnd = self.endOfHead() else { return .incomplete }
        guard self.bytes.count > 12, let status = Int(self.text(9..<12)) else { return .broken }
        if status == 204 || status == 304 { return .complete(status) }
        if let length = self.value(of: "content-length", before: headEnd).flatMap({ Int($0) }) {
            let missing = headEnd + length - self.bytes.count
            return missing > 0 ? .incomplete : missing == 0 ? .complete(status) : .broken
        }
        if self.value(of: "transfer-encoding", before: headEnd) == "chunked" {
            return self.bytes.suffix(5).elementsEqual("0\r\n\r\n".utf8) ? .complete(status) : .incomplete
        }
        return .broken
    }

    private func endOfHead() -> Int? {
        guard self.bytes.count >= 4 else { return nil }
        for start in 0...(self.bytes.count - 4)
        where self.bytes[start] == 0x0D && self.bytes[start + 1] == 0x0A && self.bytes[start + 2] == 0x0D
            && self.bytes[start + 3] == 0x0A
        {
            return start + 4
        }
        return nil
    }

    private func value(of name: String, before headEnd: Int) -> String? {
        for line in self.text(0..<headEnd).split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else { continue }
            return String(line[line.index(after: colon)...].drop { $0 == " " }).lowercased()
        }
        return nil
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: self.bytes[range], as: UTF8.self) }
}
