import ArgumentParser
import EventLoop

/// Where a password comes from: the terminal, or standard input. Never an argument, which every user of the machine can
/// read in the list of processes, and which the shell writes into its history.
struct PasswordOption: ParsableArguments {
    @Flag(help: "Read the password from standard input; one newline at its end is not part of it.")
    var passwordStdin = false

    private static let bytesMax = 4096

    func read() throws -> String {
        do {
            let bytes = passwordStdin ? try fromStandardInput() : try fromTerminal()
            guard let password = String(validating: bytes, as: UTF8.self) else {
                throw CommandFailure("the password is not UTF-8")
            }
            return password
        } catch let problem as FileProblem {
            throw CommandFailure(
                passwordStdin ? "\(problem)" : "\(problem); without a terminal, use --password-stdin")
        }
    }

    private func fromStandardInput() throws -> [UInt8] {
        var bytes = try StandardStreams.readInput(bytesMax: Self.bytesMax)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return bytes
    }

    private func fromTerminal() throws -> [UInt8] {
        let first = try Terminal.ask("Password: ", bytesMax: Self.bytesMax)
        let second = try Terminal.ask("Once more: ", bytesMax: Self.bytesMax)
        guard first == second else { throw CommandFailure("the two are not the same") }
        return first
    }
}
