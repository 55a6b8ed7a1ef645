import Testing

/// One line of the catalogue of attacks: what goes over the wire and what must come of it.
struct WireCase: Sendable, CustomTestStringConvertible {
    /// As in the catalogue, for example `F-09b`.
    let id: String
    let what: String
    let wire: [UInt8]
    let verdict: Verdict

    enum Verdict: Sendable {
        /// A 4xx or 5xx answer or none, the connection closed, and nothing for the backend.
        case reject
        /// The same, with this status.
        case refuse(Int)
        /// Either `reject`, or forwarded as exactly one unambiguous request.
        case safe
        /// The fault lies behind bytes that may be on their way already: answered as `reject`, and what the backend has
        /// got by then must not look finished to it.
        case breakOff
    }

    init(_ id: String, _ what: String, _ wire: String, _ verdict: Verdict = .reject) {
        self.init(id, what, bytes: Array(wire.utf8), verdict)
    }

    init(_ id: String, _ what: String, bytes: [UInt8], _ verdict: Verdict = .reject) {
        self.id = id
        self.what = what
        self.wire = bytes
        self.verdict = verdict
    }

    var testDescription: String { "\(id) \(what)" }

    /// Sends the case to a stage and holds gateway and backend to the verdict.
    func run(on stage: Stage) throws {
        var answers: [WireResponse] = []
        let seen = try stage.observe {
            let client = try stage.gateway.connect()
            client.offer(wire)
            if case .safe = verdict, let first = try client.response() {
                answers = [first]
                if first.status < 400 { return client.close() }
            }
            answers += try client.responsesUntilClose()
        }
        for request in seen {
            #expect(request.violations.isEmpty, "\(request.violations)")
            #expect(!request.target.contains("SMUGGLED"))
        }
        let heads = seen.map(\.head)
        switch verdict {
        case .reject:
            expectRejection(answers)
            #expect(seen.isEmpty, "the backend got \(heads)")
        case .refuse(let status):
            expectRejection(answers)
            #expect(answers.first?.status == status, "\(answers.first?.summary ?? "no answer")")
            #expect(seen.isEmpty, "the backend got \(heads)")
        case .safe:
            if seen.isEmpty {
                expectRejection(answers)
            } else {
                #expect(seen.count == 1, "the backend got \(heads)")
                #expect(answers.first?.status == 200)
            }
        case .breakOff:
            expectRejection(answers)
            #expect(seen.count <= 1, "the backend got \(heads)")
            #expect(seen.allSatisfy { !$0.isComplete }, "the backend got a whole request: \(seen.map(\.bytes.text))")
        }
    }

    private func expectRejection(_ answers: [WireResponse]) {
        #expect(answers.count <= 1, "one request, \(answers.map(\.summary))")
        if let answer = answers.first {
            #expect((400..<600).contains(answer.status), "\(answer.summary)")
            #expect(answer.code != nil, "a refusal has a code: \(answer.summary)")
            #expect(answer.json["requestId"] is String)
        }
    }
}
