import Crypto
import Tokens

/// Keys that protect nothing: those of the RFCs, and two made for these tests.
enum SampleKeys {
    static let secret = Array("an HMAC secret of more than 32 bytes".utf8)
    static let otherSecret = Array("another secret of more than 32 bytes".utf8)

    /// The RSA key of RFC 7515 A.2.
    static let rsaPEM = """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXO
        jS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxL
        aYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNn
        juygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5
        ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkf
        toaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHg
        VFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyW
        PEAeP88vLNO97IjlA7/GQ5sLKMgvfTeXZx9SE+7YwVol2NXOoAJe46sui395IW/G
        O+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzj
        kn439X0M/V51gfpRLI9JYanrC4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6
        XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB
        4cS98l2SR/RQyGWSeWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0K
        pLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr
        0AHQfD8/Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqE
        lMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6
        kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAP
        rq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54Xrrz2uNw
        kgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp
        5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgwo59dkpN75gJLVds2
        9+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/
        evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2LF2mjMJDpTg7FmuyPcVw6EcG
        yoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZj
        OYiIDktVWZzmevJuv6WywUqd57LE3Zar3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2
        tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3
        ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A56
        03k2+ZQwVK0JKSHuLFkuQ3U=
        -----END PRIVATE KEY-----
        """

    /// The Ed25519 key of RFC 8037 A.1.
    static let ed25519PEM = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
        -----END PRIVATE KEY-----
        """

    static let p256PEM = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0dyxy6VtlUfHaZNe
        SNYRSG3yQSgmC9xhwWLGWJDnTyahRANCAAQLRYlDLlZN9Q+W0/2TfPOj2vlgpYM9
        7wh4vdTZYakLChA66G0qnpe7p1xo6FGkU4hkA7h1vrrb4N9PDbty5jCZ
        -----END PRIVATE KEY-----
        """

    /// The public half of `p256PEM`.
    static let p256PublicPEM = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEC0WJQy5WTfUPltP9k3zzo9r5YKWD
        Pe8IeL3U2WGpCwoQOuhtKp6Xu6dcaOhRpFOIZAO4db662+DfTw27cuYwmQ==
        -----END PUBLIC KEY-----
        """

    static let p384PEM = """
        -----BEGIN EC PRIVATE KEY-----
        MIGkAgEBBDAlGD4u0nTAe8KXyk118SvbuXxWIO4cilYLWsxhsjyQnkGj2efrIL4K
        QGT93JYXwaqgBwYFK4EEACKhZANiAASQ3zfpnlfppBD4ZmsMuW++nibOhjxngvYM
        UiLgK4eP7/wzXR/MnZdJNuPCUk7AiprP+70GdxnmtXcn77j1ErjJXoujmpVvZtmR
        lOygvXmAkwugQ42ZndoG2VjAEj/rDtQ=
        -----END EC PRIVATE KEY-----
        """

    static let rsa1024PEM = """
        -----BEGIN RSA PRIVATE KEY-----
        MIICXQIBAAKBgQC8KrX8aY3mkS82584rLwunJXZsVRIAUGwdcfbhbuJ3umNlyjm5
        Xh19hmaOhtlUki/o/hxuSVzTAeiVTZaWrB9evbYteTULhvLIqwBHZe6sH0/2Vl2C
        qY4fdkFMxz/aP6Zbuz6bu4ofQO32LEZq8ydW2KytivFoGIZC58PRaffxmwIDAQAB
        AoGAGbPb1/azI2OBh4ZyawOqG9LKMlIMe26A1iTTDEgRNzmGikjtSZzJenP5Xk6d
        MSgm0zSivY3X2BrSolJO15X7UsGfXl7f2hMkfpAFvVJaxGXA/7hmWzlA7MnwKELW
        ZcvsA0BNNI27bWgocl+JwF73iiYutlFKFaXy8ruGnx9TrsECQQDmZXFQjgF+I9sU
        vxYaOgqt6tQ2zIfelQdABHgP03/I7KrYaAIJgwSsh5J1yVpdLPNTzZt5AAwb+PRm
        cZgsd1t9AkEA0RPhf93rEGYZnImPxwNde06OheJR97HFxU9MgmK6BpLSnxuNQe2e
        taJBoC3pN0R661aXcj7x1WoOQ0jEn5Ec9wJBAIvFEr85xvINMoUdf30dpQjpIyCz
        Z+HCKwnNLED9n9H2sZZjUokOsLEx9cn7AxTvhhZa72yyeKYnm6ziUNz488kCQQCB
        kIVsvPRfrDXw6Np9pNs4f70YwOC006jQlky+fDn1uuTlDqjiE0QIIS3z+p+MzVYz
        Iu0lMlahP2DpV13p2H6PAkBjTpnJ40yxJyZapHM8Pc3QwglgkV/lsrSG0qRb2MMO
        Y2AjaM2ro/7G0TgoNuHuWXXaNXlEvFfN81I5fld5s4Zn
        -----END RSA PRIVATE KEY-----
        """

    /// The material that a configuration would name for that algorithm.
    static func material(_ algorithm: Algorithm) -> [UInt8] {
        switch algorithm {
        case .hs256: secret
        case .es256: Array(p256PEM.utf8)
        case .rs256: Array(rsaPEM.utf8)
        case .eddsa: Array(ed25519PEM.utf8)
        }
    }

    static func key(_ algorithm: Algorithm) throws -> TokenKey {
        let material = material(algorithm)
        return try TokenKey.load(algorithm: algorithm, material: material.span)
    }

    static func ring(_ algorithms: Algorithm...) throws -> KeyRing { try KeyRing(algorithms.map(key)) }
}
