import Crypto
import Encoding
import Testing

@testable import Tokens

@Suite("the examples of the RFCs")
struct RFCExamplesTests {
    /// The payload of RFC 7515 A.1 to A.5.
    static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    static let rs256Signature =
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7"
        + "t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12"
        + "jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUP"
        + "QGe77Rw"

    func signedBytes(_ token: String, _ keys: KeyRing) -> [UInt8]? {
        TokenVerifier.sample(keys).signedBytes(Array(token.utf8).span)
    }

    @Test("RFC 7515 A.1: HS256, with white space in the header")
    func hs256() throws {
        let secret = Secret(
            decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"))
        let ring = try KeyRing([TokenKey(secret: secret)])
        let head = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + Self.payload + "."
        #expect(signedBytes(head + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", ring) == decode(Self.payload))
        #expect(signedBytes(head + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXj", ring) == nil)
        #expect(signedBytes(head, ring) == nil)
    }

    @Test("RFC 7515 A.2: RS256, and our signature is the same")
    func rs256() throws {
        let ring = try SampleKeys.ring(.rs256)
        let input = "eyJhbGciOiJSUzI1NiJ9." + Self.payload
        #expect(signedBytes(input + "." + Self.rs256Signature, ring) == decode(Self.payload))
        #expect(try ring.keys[0].signature(over: Array(input.utf8).span) == decode(Self.rs256Signature))
    }

    @Test("RFC 7515 A.3: ES256")
    func es256() throws {
        let key = try PublicKey(
            parameters: .p256(
                x: decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                y: decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")))
        let token =
            "eyJhbGciOiJFUzI1NiJ9." + Self.payload
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        #expect(signedBytes(token, try KeyRing([TokenKey(key)])) == decode(Self.payload))
    }

    @Test("RFC 7515 A.5: an unsecured token is refused by every ring")
    func unsecured() throws {
        for algorithm in Algorithm.allCases {
            #expect(signedBytes("eyJhbGciOiJub25lIn0." + Self.payload + ".", try SampleKeys.ring(algorithm)) == nil)
        }
    }

    @Test("RFC 8037 A.1 to A.5: Ed25519, and our signature is the same")
    func eddsa() throws {
        let ring = try SampleKeys.ring(.eddsa)
        #expect(
            ring.keys[0].publicKey?.parameters
                == .ed25519(x: decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")))
        let input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        #expect(try ring.keys[0].signature(over: Array(input.utf8).span) == decode(signature))
        #expect(signedBytes(input + "." + signature, ring) == Array("Example of Ed25519 signing".utf8))
    }

    @Test("RFC 8037 A.3 and RFC 7638 §3.1: thumbprints")
    func thumbprints() throws {
        #expect(try SampleKeys.key(.eddsa).id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        let modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3okn"
            + "jhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu"
            + "6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8"
            + "awapJzKnqDKgw"
        let parameters = PublicParameters.rsa(modulus: decode(modulus), exponent: decode("AQAB"))
        #expect(parameters.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }
}
