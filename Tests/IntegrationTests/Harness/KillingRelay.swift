import Foundation

/// A relay in front of PostgreSQL that counts what a gateway asks in its writing transactions, and does something, such as
/// killing it, at exactly one of those questions. So no hook has to be built into the gateway.
final class KillingRelay: Sendable {
    /// On which side of the question the gateway is hit.
    enum Moment: CaseIterable, Sendable {
        /// The database never hears it.
        case unheard
        /// The database has done what was asked, and nobody will be told.
        case unanswered
    }

    private struct Aim: Sendable {
        var question: Int
        /// Only these are counted; nil: all.
        let words: String?
        let moment: Moment
        let strike: @Sendable () -> Void
    }

    var address: SocketAddress { listener.address }
    private let listener: Listener
    private let aim: Box<Aim?>
    /// The words of the question at which it struck last.
    private let struck: Box<String?>

    init(to target: SocketAddress) throws {
        let (aim, struck) = (Box<Aim?>(nil), Box<String?>(nil))
        (self.aim, self.struck) = (aim, struck)
        listener = try Listener { client, _ in
            guard let server = try? WireSocket(connectingTo: target) else { return }
            let condemned = Box<Aim?>(nil)
            let isOver = Latch()
            Thread.detachNewThread {
                Self.carryAnswers(from: server, to: client, condemned)
                isOver.open()
            }
            Self.carryQuestions(from: client, to: server, aim, struck, condemned)
            client.interrupt()
            server.interrupt()
            // Behind this the descriptor is closed, and may soon be somebody else's: nobody may still write to it.
            isOver.wait(by: .seconds(600))
        }
    }

    /// Strikes at the question of this number, from 1, counted from now over all writing transactions.
    ///
    /// - Parameter words: when given, only questions in these words are counted.
    func aim(
        at question: Int, words: String? = nil, _ moment: Moment, _ strike: @escaping @Sendable () -> Void
    ) {
        struck.change { $0 = nil }
        aim.change { $0 = Aim(question: question, words: words, moment: moment, strike: strike) }
    }

    /// Lets everything pass from now on.
    ///
    /// - Returns: the words of the question at which it struck; nil when there were not so many.
    func rest() -> String? {
        aim.change { $0 = nil }
        return struck.value
    }

    func stop() { listener.stop() }

    private static func carryQuestions(
        from client: WireSocket, to server: WireSocket, _ aim: Box<Aim?>, _ struck: Box<String?>, _ condemned: Box<Aim?>
    ) {
        var questions = PostgresQuestions()
        var isWriting = false
        while let bytes = try? client.receive(by: .seconds(600)) {
            for question in questions.take(bytes) {
                if question.words == "BEGIN" { isWriting = true }
                let hit = isWriting ? count(question.words, aim) : nil
                if ["COMMIT", "ROLLBACK"].contains(question.words) { isWriting = false }
                if let hit {
                    struck.change { $0 = question.words }
                    guard hit.moment == .unanswered else { return hit.strike() }
                    condemned.change { $0 = hit }
                }
                guard (try? server.send(question.bytes)) != nil else { return }
            }
        }
    }

    /// Counts a question. The aim, when it was this one; then there is none any more.
    private static func count(_ words: String, _ aim: Box<Aim?>) -> Aim? {
        aim.change { aim in
            if let wanted = aim?.words, wanted != words { return nil }
            aim?.question -= 1
            guard let reached = aim, reached.question == 0 else { return nil }
            aim = nil
            return reached
        }
    }

    private static func carryAnswers(from server: WireSocket, to client: WireSocket, _ condemned: Box<Aim?>) {
        while let bytes = try? server.receive(by: .seconds(600)) {
            if let hit = condemned.value {
                // The server has answered, so it has done what was asked.
                hit.strike()
                break
            }
            guard (try? client.send(bytes)) != nil else { break }
        }
        client.interrupt()
        server.interrupt()
    }
}
