import Foundation
import Testing

/// A database that stops doing what it is asked for a while, and what must hold meanwhile and behind it, whatever the
/// trouble: bounded waits, 503 with `Retry-After`, nothing half-written, nothing answered as done that was not, the gate
/// goes on, and recovery within two seconds.
struct Trouble {
    /// No call may wait longer.
    var secondsMax = 6.0
    /// Whether the database may have done what it did not answer.
    var mayHaveDone = false

    func play(on gateway: Gateway, cause: () throws -> Void, mend: () throws -> Void) throws {
        let people = try (1...4).map { _ in try gateway.register() }
        let (staying, leaving, newcomer) = (people[1], people[2], Person())
        let passerby = Passerby(gateway, as: people[0])
        try cause()
        for call in [
            Call.refresh(staying.refresh), .register(newcomer), .login(staying.email, staying.password),
            .logout(leaving.refresh).bearer(leaving.access),
            .post("/api/auth/logout-all").cookie(people[3].refresh).bearer(people[3].access),
        ] {
            let (began, stalled) = (ContinuousClock.now, Pressure.stalledSeconds)
            let answer = try gateway.send(call)
            let seconds = began.duration(to: .now) / .seconds(1) - (Pressure.stalledSeconds - stalled)
            #expect(answer.code == "STORE_UNAVAILABLE", "\(call.target): \(answer.summary)")
            #expect(answer.status == 503 && answer["Retry-After"] != nil && answer.all("Set-Cookie").isEmpty)
            #expect(seconds < secondsMax, "\(call.target) took \(seconds) s")
        }
        // The logouts hold here, and are told to have failed, so that the client asks again.
        for person in people.suffix(2) {
            #expect(try gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_REVOKED")
        }
        try mend()
        #expect(try gateway.waitForStatus(200, of: .refresh(staying.refresh)) < 2)
        try passerby.stop()

        let retried = try gateway.send(.register(newcomer))
        #expect(retried.status == 201 || mayHaveDone && retried.code == "EMAIL_TAKEN", "\(retried.summary)")
        _ = try gateway.refresh(gateway.login(newcomer))
        for person in people.suffix(2) {
            #expect(try gateway.send(.logout(person.refresh)).status == 200)
            #expect(try gateway.send(.refresh(person.refresh)).status == 401)
        }
        // One head: the token that was presented in the trouble has one successor, and dies once that was used.
        let second = try gateway.refresh(gateway.refresh(staying))
        #expect(try gateway.send(.refresh(staying.refresh)).code == "REFRESH_TOKEN_REUSED")
        #expect(try gateway.send(.refresh(second.refresh)).status == 401)
        #expect(try gateway.send(.get("/api/auth/sessions").bearer(gateway.login(staying).access)).status == 200)
    }
}
