/// Numbers for the methods that a route table knows, so that a route's methods are the bits of one word.
struct MethodNumbers: Sendable {
    private(set) var names: [[UInt8]] = []

    /// The bits of one word.
    static let countMax = 64

    /// What every gateway knows.
    static let common = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    init() {
        for method in Self.common { _ = insert(method) }
    }

    /// The method's number, or nil when there are too many methods.
    mutating func insert(_ method: String) -> Int? {
        let name = Array(method.utf8)
        if let number = names.firstIndex(of: name) { return number }
        guard names.count < Self.countMax else { return nil }
        names.append(name)
        return names.count - 1
    }

    func number(of method: borrowing Span<UInt8>) -> Int? {
        for number in names.indices where Self.isSame(names[number], method) { return number }
        return nil
    }

    /// Every known method.
    var all: MethodSet { MethodSet(bits: names.count == Self.countMax ? .max : (1 << UInt64(names.count)) - 1) }

    /// The methods of a set, for messages.
    func text(_ set: MethodSet) -> String {
        names.indices.filter { set.contains($0) }.map { String(decoding: names[$0], as: UTF8.self) }
            .joined(separator: ",")
    }

    private static func isSame(_ name: [UInt8], _ method: borrowing Span<UInt8>) -> Bool {
        guard name.count == method.count else { return false }
        for index in name.indices where name[index] != method[index] { return false }
        return true
    }
}

/// A set of numbered methods.
struct MethodSet: Sendable, Hashable {
    var bits: UInt64 = 0

    func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }
    mutating func insert(_ number: Int) { bits |= 1 << UInt64(number) }
    func intersection(_ other: MethodSet) -> MethodSet { MethodSet(bits: bits & other.bits) }
    var isEmpty: Bool { bits == 0 }
}
