import CCrypt
import COpenSSL
import Glibc

/// Hashes passwords with bcrypt (`$2b$`), through libxcrypt.
///
/// Slow on purpose, a quarter of a second at the default cost: call it on threads that may block, never on an event loop.
public struct PasswordHasher: Sendable {
    /// The binary logarithm of the number of rounds. Default 12.
    public let cost: Int

    /// Below the first, guessing is cheap; above the last, a login takes seconds.
    public static let costRange = 4...16
    /// bcrypt does not read past this many bytes, so a longer password is refused rather than cut.
    public static let passwordBytesMax = 72

    /// - Parameter cost: 4 to 16; 4 is for tests.
    public init(cost: Int = 12) {
        precondition(Self.costRange.contains(cost), "A bcrypt cost of \(cost) is outside of \(Self.costRange)")
        self.cost = cost
    }

    /// A salted hash of `password` in the form `$2b$12$…`, 60 characters.
    ///
    /// - Throws: `PasswordHashError` when bcrypt would not read all of it, or on failure of the library.
    public func hash(_ password: String) throws(PasswordHashError) -> String {
        try Self.check(password)
        guard let setting = self.newSetting() else { throw .library }
        guard let hash = Self.crypt(password, setting: setting), BcryptHash(hash) != nil else { throw .library }
        return hash
    }

    /// Whether `hash` was made of `password`. A hash that is malformed, of another method or dearer than the highest cost
    /// matches nothing.
    public func verify(_ password: String, _ hash: String) -> Bool {
        guard (try? Self.check(password)) != nil, BcryptHash(hash) != nil else { return false }
        guard let computed = Self.crypt(password, setting: hash) else { return false }
        return constantTimeEquals(computed, hash)
    }

    private static func check(_ password: String) throws(PasswordHashError) {
        guard !password.isEmpty else { throw .empty }
        guard password.utf8.count <= self.passwordBytesMax else { throw .tooLong(bytesMax: self.passwordBytesMax) }
        // The library takes text up to a NUL: what follows one would not count.
        guard !password.utf8.contains(0) else { throw .containsNUL }
    }

    /// `$2b$`, the cost and a fresh salt.
    private func newSetting() -> String? {
        let salt = Random.bytes(16)
        let setting = unsafe salt.withUnsafeBytes { salt in
            unsafe crypt_gensalt_ra("$2b$", UInt(self.cost), salt.bindMemory(to: CChar.self).baseAddress, 16)
        }
        guard let setting = unsafe setting else { return nil }
        defer { unsafe free(setting) }
        return unsafe String(cString: setting)
    }

    private static func crypt(_ password: String, setting: String) -> String? {
        var memory = CryptMemory()
        return memory.crypt(password, setting: setting)
    }
}

/// Why a password cannot be hashed. Each description may be told to whoever chose the password.
public enum PasswordHashError: Error, Sendable, Hashable {
    case empty
    case tooLong(bytesMax: Int)
    case containsNUL
    /// libxcrypt refused, as it does when it has no memory.
    case library
}

extension PasswordHashError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "the password is empty"
        case .tooLong(let bytesMax): "the password is longer than \(bytesMax) bytes"
        case .containsNUL: "the password contains a NUL character"
        case .library: "the password could not be hashed"
        }
    }
}

/// Owns the working memory of one `crypt_ra` call, which the library allocates. Wiped when freed: it has held a password.
@safe private struct CryptMemory: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var count: Int32 = 0

    init() { unsafe self.memory = nil }

    mutating func crypt(_ password: String, setting: String) -> String? {
        guard let hash = unsafe crypt_ra(password, setting, &self.memory, &self.count) else { return nil }
        return unsafe String(cString: hash)
    }

    deinit {
        unsafe OPENSSL_cleanse(self.memory, Int(self.count))
        unsafe free(self.memory)
    }
}
