extension Configuration {
    /// Reads `path` and everything it includes.
    ///
    /// Every mistake goes into `problems`. What could be understood is returned all the same, so that routes and
    /// expectations can be checked in the same run; it must not be served while `problems.hasErrors`.
    package static func read(
        _ path: String, from surroundings: Surroundings, problems: inout Problems
    ) -> Configuration {
        var loader = Loader(surroundings: surroundings, problems: problems)
        let start = Place(file: path, line: 1, column: 1, width: 0)
        let directives = loader.load(path, namedAt: start)
        var draft = Draft(surroundings: surroundings, problems: loader.problems)
        if !loader.hasReadNothing {
            draft.read(directives, in: .top)
            draft.finish(at: start)
        }
        problems = draft.problems
        return draft.configuration
    }
}
