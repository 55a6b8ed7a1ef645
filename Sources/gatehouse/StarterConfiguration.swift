/// The gateway.conf that `init` writes: small enough to be read before it is changed.
struct StarterConfiguration {
    let listen: String
    let backend: String
    let admin: String

    /// - Throws: when an address could not stand in the file as one word, or has no port.
    init(listen: String, backend: String, admin: String) throws {
        for address in [listen, backend, admin] {
            guard Self.port(of: address) != nil, address.utf8.allSatisfy(Self.isAddressByte) else {
                throw CommandFailure("`\(address)` is not HOST:PORT", status: .wrongUsage)
            }
        }
        self.listen = listen
        self.backend = backend
        self.admin = admin
    }

    var backendPort: UInt16 { Self.port(of: backend) ?? 0 }

    var text: String {
        """
        # Written by `gatehouse init`. Every directive with its default: gateway.conf.example; the language:
        # docs/configuration.md. After a change: `gatehouse check`.
        listen \(listen)
        public-url http://localhost:\(Self.port(of: listen) ?? 0)
        database sqlite gatehouse.db    # or: database postgres "postgresql://gatehouse@db.internal/gatehouse"
        registration open               # anybody may make an account; `closed` is the default

        tokens {
            issuer   http://localhost:\(Self.port(of: listen) ?? 0)
            audience gatehouse
            key      es256 file keys/access.pem
        }

        admin \(admin)
        access-log stdout

        upstream backend { server \(backend) }

        # The most specific route wins, whatever the order of lines. A path without a route is 404.
        route /*        public      -> backend
        route /api/*    user        -> backend    # any signed-in user
        route /admin/*  role admin  -> backend

        # Checked at every start, so that an edit cannot open what should stay closed.
        expect GET /        as nobody      -> 200
        expect GET /api/x   as nobody      -> 401
        expect GET /api/x   as user        -> 200
        expect GET /admin/x as user        -> 403
        expect GET /admin/x as role admin  -> 200

        """
    }

    private static func port(of address: String) -> UInt16? {
        guard let colon = address.lastIndex(of: ":") else { return nil }
        return UInt16(address[address.index(after: colon)...])
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: ".:-[]".utf8.contains(byte)
        }
    }
}
