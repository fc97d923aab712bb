import Glibc

/// Zipf's law over `count` things: the k-th most popular is chosen with a weight of 1/k^exponent.
struct Popularity: Sendable {
    private let cumulative: [Double]

    /// - Parameter exponent: 0.9, near what is measured of shops and the web.
    init(count: Int, exponent: Double = 0.9) {
        var sum = 0.0
        self.cumulative = (0..<count).map { place in
            sum += pow(Double(place + 1), -exponent)
            return sum
        }
    }

    /// An index below `count`; nil when there is nothing to choose from.
    func choose(_ random: inout SeededGenerator) -> Int? {
        guard let total = self.cumulative.last else { return nil }
        let wanted = random.unit() * total
        var (low, high) = (0, self.cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if self.cumulative[middle] > wanted { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
