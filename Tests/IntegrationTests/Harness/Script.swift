/// What a backend does when a request arrives.
struct Script: Sendable {
    /// Whether it plays when the head has come, before the body is read.
    var isEarly = false
    /// Answers false when the connection is over.
    let play: @Sendable (BackendPeer, inout RecordedRequest) throws -> Bool

    /// 200, with the request line and the body in the answer, so that answers can be told apart.
    static let echo = Script { peer, request in
        let body = "\(request.method) \(request.target)\n".utf8 + request.body
        var head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(body.count)\r\n"
        if request["Connection"]?.lowercased() == "close" { head += "Connection: close\r\n" }
        try peer.send(Array((head + "\r\n").utf8) + (request.method == "HEAD" ? [] : body))
        return true
    }

    /// Exactly these bytes, and the connection stays open.
    static func raw(_ text: String) -> Script { raw(Array(text.utf8)) }

    static func raw(_ bytes: [UInt8]) -> Script {
        Script { peer, _ in
            try peer.send(bytes)
            return true
        }
    }

    /// Exactly these bytes, then an orderly end.
    static func rawThenClose(_ text: String) -> Script {
        Script { peer, _ in
            try peer.send(text)
            return false
        }
    }

    /// Exactly these bytes, then a reset.
    static func rawThenReset(_ text: String) -> Script {
        Script { peer, _ in
            try peer.send(text)
            peer.socket.reset()
            return false
        }
    }

    /// An orderly end without an answer.
    static let close = Script { _, _ in false }

    /// Never answers; waits until the gateway gives up.
    static let silence = Script { peer, _ in
        peer.waitForClose()
        return false
    }

    /// Each piece when its latch opens.
    static func pieces(_ pieces: [(Latch?, String)]) -> Script {
        Script { peer, _ in
            for (latch, piece) in pieces {
                latch?.wait()
                try peer.send(piece)
            }
            return true
        }
    }

    /// Waits for the latch, then goes on as `next` says.
    static func after(_ latch: Latch, _ next: Script = .echo) -> Script {
        Script(isEarly: next.isEarly) { peer, request in
            latch.wait()
            return try next.play(peer, &request)
        }
    }

    /// Plays as soon as the head has come, while the body may still be on its way.
    func early() -> Script { Script(isEarly: true, play: play) }

    /// A body of `count` bytes of a known pattern.
    static func download(_ count: Int) -> Script {
        Script { peer, _ in
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n")
            let block = Pattern.block
            var left = count
            while left > 0 {
                try peer.send(left >= block.count ? block : Array(block[..<left]))
                left -= min(left, block.count)
            }
            return true
        }
    }
}

/// A body whose every 64 KiB are the same: long bodies can be made and compared without holding them.
enum Pattern {
    static let block: [UInt8] = (0..<65536).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
}
