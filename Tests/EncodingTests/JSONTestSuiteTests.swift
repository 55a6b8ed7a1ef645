import Encoding
import TestVectors
import Testing

/// Nicolas Seriot's JSONTestSuite: `y_` must be read, `n_` must be refused, `i_` is up to the reader.
@Suite("JSONTestSuite", .enabled(if: TestVectors.arePresent, Comment(rawValue: TestVectors.absence)))
struct JSONTestSuiteTests {
    /// Valid by the grammar, and refused here because the second member could overrule the first.
    static let refusedDuplicates: Set = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"]

    static func files(_ prefix: String) -> [String] {
        ((try? TestVectors.names(in: "json/test_parsing")) ?? []).filter { $0.hasPrefix(prefix) }
    }

    static func verdict(_ file: String) throws -> JSONError.Problem? {
        problem(try TestVectors.bytes("json/test_parsing/" + file))
    }

    @Test("valid texts are read", arguments: files("y_"))
    func valid(file: String) throws {
        let expected: JSONError.Problem? = Self.refusedDuplicates.contains(file) ? .duplicateMember : nil
        #expect(try Self.verdict(file) == expected)
    }

    @Test("invalid texts are refused", arguments: files("n_"))
    func invalid(file: String) throws {
        #expect(try Self.verdict(file) != nil)
    }

    @Test("of the undecided texts, numbers of any size are read and everything else is refused", arguments: files("i_"))
    func undecided(file: String) throws {
        #expect((try Self.verdict(file) == nil) == file.hasPrefix("i_number_"))
    }

    @Test("the suite is the one we know")
    func count() {
        #expect(Self.files("y_").count == 95)
        #expect(Self.files("n_").count == 188)
        #expect(Self.files("i_").count == 35)
    }
}
