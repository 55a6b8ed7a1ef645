import ArgumentParser
import EventLoop
import Gateway
import Telemetry

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the gateway.")

    @OptionGroup var configurationOption: ConfigurationOption

    func run() throws {
        // Before any thread is started: threads inherit the blocked signals.
        let signals: Signals
        do { signals = try Signals() } catch { throw CommandFailure("signals cannot be received: \(error)") }

        let loaded = try configurationOption.load()
        let outcome = signals.wait { () async -> Result<GatewayServer, StartProblem> in
            do throws(StartProblem) {
                return .success(
                    try await GatewayServer.start(loaded, version: Version.text) { line in
                        StandardStreams.reportError("gatehouse: \(line)")
                    })
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case nil: StandardStreams.reportError("gatehouse: stopped before it had started")
        case .success(let server):
            // Said only now, when a signal is no longer taken for one that ends the start.
            StandardStreams.reportError("gatehouse: ready")
            server.offerReload(of: configurationOption.file)
            ExitStatus.exit(serve(server, signals))
        case .failure(.configuration(let problems)): throw BadConfiguration(problems: problems)
        case .failure(.failed(let words)): throw CommandFailure(words)
        }
    }

    /// Handles signals until one of them, or the end of the drain, ends the process.
    private func serve(_ server: GatewayServer, _ signals: borrowing Signals) -> ExitStatus {
        let waker = signals.waker
        var isDraining = false
        while true {
            switch signals.next() {
            case .reload where isDraining: StandardStreams.reportError("gatehouse: draining, so nothing is reloaded")
            case .reload: server.startReloading(configurationOption.file)
            case .reopenLogs: server.reopenLogs()
            case .terminate where isDraining:
                StandardStreams.reportError("gatehouse: stopped at the second signal; open requests were cut off")
                return .failed
            case .terminate:
                isDraining = true
                StandardStreams.reportError("gatehouse: draining")
                server.startDraining { isComplete in
                    StandardStreams.reportError(
                        isComplete ? "gatehouse: stopped" : "gatehouse: stopped; the grace ended before all requests")
                    waker.wake()
                }
            case .woken: return .well
            }
        }
    }
}
