import Foundation

/// One ordinary call, for stories in which the bytes are not the point: a connection of its own, closed behind it.
struct Call: Sendable {
    var method: String
    var target: String
    var fields: [String] = []
    var body: [UInt8]?

    init(_ method: String, _ target: String) {
        self.method = method
        self.target = target
    }

    static func get(_ target: String) -> Call { Call("GET", target) }
    static func post(_ target: String) -> Call { Call("POST", target) }

    /// Adds a header line.
    func with(_ line: String) -> Call {
        var call = self
        call.fields.append(line)
        return call
    }

    func bearer(_ token: String) -> Call { with("Authorization: Bearer \(token)") }

    func cookie(_ value: String, name: String = "refresh_token") -> Call { with("Cookie: \(name)=\(value)") }

    func json(_ members: [String: any Sendable]) -> Call {
        var call = with("Content-Type: application/json")
        call.body = try? Array(JSONSerialization.data(withJSONObject: members, options: [.sortedKeys]))
        return call
    }

    func json(text: String) -> Call {
        var call = with("Content-Type: application/json")
        call.body = Array(text.utf8)
        return call
    }

    func body(_ text: String) -> Call {
        var call = self
        call.body = Array(text.utf8)
        return call
    }

    /// The request as it goes over the wire.
    func wire(keepAlive: Bool = false) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if !fields.contains(where: { $0.lowercased().hasPrefix("host:") }) { head += "Host: localhost:8080\r\n" }
        for line in fields { head += line + "\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        if !keepAlive { head += "Connection: close\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }
}

extension Gateway {
    /// Sends one call on a connection of its own and reads the answer to its end.
    func send(_ call: Call, to address: SocketAddress? = nil, by deadline: Deadline = .soon) throws -> WireResponse {
        let client = try WireClient(to: address ?? self.address)
        client.offer(call.wire(), by: deadline)
        let answer = try client.mustRespond(to: call.method, by: deadline)
        client.close()
        return answer
    }
}
