import Foundation

/// A TCP relay in front of PostgreSQL that stops passing bytes, or cuts a connection at a chosen moment: a network that
/// fails on demand.
final class DatabaseRelay: Sendable {
    enum Fault: Equatable, Sendable {
        case none
        /// Connections stand, new ones are accepted, and nothing passes in either direction.
        case frozen
        /// Every answer takes this much longer.
        case slow(milliseconds: UInt32)
        /// All passes until a client commits a transaction that ran SQL with these words; then its connection is cut. It happens
        /// to one connection; then all is well again.
        case cut(Moment, commitOf: String)
    }

    /// On which side of the commit a connection is cut. The client cannot tell which.
    enum Moment: String, CaseIterable, Sendable {
        /// The server never hears of it, and undoes everything.
        case before
        /// The server has committed and answered; the answer does not pass.
        case after
    }

    /// One connection, with everything the client has said in it.
    private final class Passage: Sendable {
        let client: WireSocket
        let server: WireSocket
        let said = Box<[UInt8]>([])
        let isCondemned = Box(false)

        init(_ client: WireSocket, _ server: WireSocket) {
            (self.client, self.server) = (client, server)
        }

        func cut() {
            client.interrupt()
            server.interrupt()
        }
    }

    var address: SocketAddress { listener.address }
    private let listener: Listener
    private let fault: Box<Fault>
    private let passages: Box<[Int: Passage]>

    init(to target: SocketAddress) throws {
        let (fault, passages) = (Box(Fault.none), Box<[Int: Passage]>([:]))
        (self.fault, self.passages) = (fault, passages)
        listener = try Listener { client, number in
            guard let server = try? WireSocket(connectingTo: target) else { return }
            let passage = Passage(client, server)
            passages.change { $0[number] = passage }
            let isOver = Latch()
            Thread.detachNewThread {
                Self.carryAnswers(passage, fault)
                isOver.open()
            }
            Self.carryQuestions(passage, fault)
            passage.cut()
            // Behind this the descriptor is closed, and may soon be somebody else's: nobody may still write to it.
            isOver.wait(by: .seconds(600))
            passages.change { $0[number] = nil }
        }
    }

    func set(_ next: Fault) { fault.change { $0 = next } }

    /// Whether the last `cut` has happened.
    var hasCut: Bool { fault.value == .none }

    /// Ends the connections whose client has ever said `words`; how many there were.
    func cut(whoSaid words: String) -> Int {
        let found = passages(thatSaid: words)
        for passage in found { passage.cut() }
        return found.count
    }

    func hasPassage(thatSaid words: String) -> Bool { !passages(thatSaid: words).isEmpty }

    private func passages(thatSaid words: String) -> [Passage] {
        passages.value.values.filter { String(decoding: $0.said.value, as: UTF8.self).contains(words) }
    }

    func stop() {
        listener.stop()
        for passage in passages.value.values { passage.cut() }
    }

    private static func carryQuestions(_ passage: Passage, _ fault: Box<Fault>) {
        var dialogue = PostgresDialogue()
        while let bytes = try? passage.client.receive(by: .seconds(600)) {
            waitWhileFrozen(fault)
            let committed = dialogue.commit(in: bytes)
            passage.said.change { said in
                if said.count < 65_536 { said += bytes }
            }
            if let committed, let moment = takeCut(ofCommit: committed, fault) {
                if moment == .before { return }
                passage.isCondemned.change { $0 = true }
            }
            guard (try? passage.server.send(bytes)) != nil else { return }
        }
    }

    /// The moment of the cut that this commit was waited for with; it is not waited for any more then.
    private static func takeCut(ofCommit transaction: String, _ fault: Box<Fault>) -> Moment? {
        fault.change { fault in
            guard case .cut(let moment, let words) = fault, transaction.contains(words) else { return nil }
            fault = .none
            return moment
        }
    }

    private static func carryAnswers(_ passage: Passage, _ fault: Box<Fault>) {
        while let bytes = try? passage.server.receive(by: .seconds(600)) {
            waitWhileFrozen(fault)
            if case .slow(let milliseconds) = fault.value {
                usleep(milliseconds * 1000)  // being slow is the fault
            }
            // The server has answered, so it has done what was asked.
            guard !passage.isCondemned.value, (try? passage.client.send(bytes)) != nil else { break }
        }
        passage.cut()
    }

    private static func waitWhileFrozen(_ fault: Box<Fault>) {
        _ = try? fault.wait(for: "the thaw", by: .seconds(600)) { $0 != .frozen }
    }
}

extension PostgresServer.Database {
    /// The same database, as somebody behind a relay names it.
    func directive(through relay: DatabaseRelay) -> String {
        "postgres \"postgresql://postgres@\(relay.address)/\(name)\""
    }
}
