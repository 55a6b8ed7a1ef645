extension Configuration {
    /// Reads `path` and everything it includes. Mistakes go into `problems`; what could be understood is returned, so
    /// that routes and expectations can be checked in the same run.
    package static func read(
        _ path: String, from surroundings: Surroundings, problems: inout Problems
    ) -> Configuration {
        Configuration()
    }
}
