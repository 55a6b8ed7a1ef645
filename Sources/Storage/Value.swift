/// One parameter or column, as both databases carry it. Booleans are integers 0 and 1.
enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// What may stand as a parameter of a statement.
protocol Storable {
    var value: Value { get }
}

extension Value: Storable {
    var value: Value { self }
}
extension Int64: Storable {
    var value: Value { .integer(self) }
}
extension Int: Storable {
    var value: Value { .integer(Int64(self)) }
}
extension Bool: Storable {
    var value: Value { .integer(self ? 1 : 0) }
}
extension String: Storable {
    var value: Value { .text(self) }
}
extension [UInt8]: Storable {
    var value: Value { .bytes(self) }
}
extension Optional: Storable where Wrapped: Storable {
    var value: Value { self?.value ?? .null }
}

/// One row of an answer, read column by column in the order in which the statement names them.
struct Row: Sendable {
    private let values: [Value]
    private var column = 0

    init(_ values: [Value]) {
        self.values = values
    }

    private mutating func next() throws(StorageError) -> Value {
        guard column < values.count else { throw .internal("the answer has only \(values.count) columns") }
        defer { column += 1 }
        return values[column]
    }

    mutating func integer() throws(StorageError) -> Int64 {
        guard let value = try optionalInteger() else { throw .internal("column \(column) is null") }
        return value
    }

    mutating func optionalInteger() throws(StorageError) -> Int64? {
        switch try next() {
        case .integer(let value): return value
        case .null: return nil
        default: throw .internal("column \(column) is not an integer")
        }
    }

    mutating func bool() throws(StorageError) -> Bool {
        try integer() != 0
    }

    mutating func text() throws(StorageError) -> String {
        guard let value = try optionalText() else { throw .internal("column \(column) is null") }
        return value
    }

    mutating func optionalText() throws(StorageError) -> String? {
        switch try next() {
        case .text(let value): return value
        case .null: return nil
        default: throw .internal("column \(column) is not text")
        }
    }

    mutating func bytes() throws(StorageError) -> [UInt8] {
        guard let value = try optionalBytes() else { throw .internal("column \(column) is null") }
        return value
    }

    mutating func optionalBytes() throws(StorageError) -> [UInt8]? {
        switch try next() {
        case .bytes(let value): return value
        case .null: return nil
        default: throw .internal("column \(column) is not bytes")
        }
    }
}

/// A whole answer: statements here return a page at most, so nothing is streamed and nothing stays open.
struct Answer: Sendable {
    var rows: [Row] = []
    /// Rows inserted, updated or deleted; for a query, meaningless.
    var changed: Int = 0
}
