/// Keys made for these tests with the `openssl` command; they protect nothing.
enum PEMSamples {
    /// SEC1, with its parameters in a block before it.
    static let p256SEC1 = """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEINHcsculbZVHx2mTXkjWEUht8kEoJgvcYcFixliQ508moAoGCCqGSM49
        AwEHoUQDQgAEC0WJQy5WTfUPltP9k3zzo9r5YKWDPe8IeL3U2WGpCwoQOuhtKp6X
        u6dcaOhRpFOIZAO4db662+DfTw27cuYwmQ==
        -----END EC PRIVATE KEY-----
        """

    /// The same key as PKCS #8.
    static let p256PKCS8 = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0dyxy6VtlUfHaZNe
        SNYRSG3yQSgmC9xhwWLGWJDnTyahRANCAAQLRYlDLlZN9Q+W0/2TfPOj2vlgpYM9
        7wh4vdTZYakLChA66G0qnpe7p1xo6FGkU4hkA7h1vrrb4N9PDbty5jCZ
        -----END PRIVATE KEY-----
        """

    /// Its public half.
    static let p256Public = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEC0WJQy5WTfUPltP9k3zzo9r5YKWD
        Pe8IeL3U2WGpCwoQOuhtKp6Xu6dcaOhRpFOIZAO4db662+DfTw27cuYwmQ==
        -----END PUBLIC KEY-----
        """

    /// The same key as encrypted PKCS #8.
    static let p256Encrypted = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgeAFUfylr8GAICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIDkZp5h7hrTJ0MQxyyPKXUEgZBh
        fyWD8p7iA9flAQX3smnzrW3EjGLKl3Eks+AUDlGIxt4bjsk6QtSu2YVkAhOVwrLY
        Z/GByreKr8v8bq9XElS5wDvgLNVzlhvRMpx193aKma7FBTUIOEgYUXYvJr5u5Gyl
        rzdK+odo9LN3c5d6/aAiflzIFTs0TekP07Ui6y8/imghyF9etBJpVMoAncZ/fS8=
        -----END ENCRYPTED PRIVATE KEY-----
        """

    /// The same key as SEC1, encrypted the old way.
    static let p256EncryptedSEC1 = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,3526A323E982AE71B93B4CC9C9B8903A

        tERmyWNhKbQjq/ykFRbloJudLJmEOkF7ePPSnRMMYzSE6LibafKOQbrufTha1BH0
        fwuEeUatJXfx1csWphME1ra6JSxhjjdaNhKhLk+4so9tMsoeVom9synaUz3J3lj6
        wyNIB2dwTI9VTiG8ot7asAxZa4tx4BzbK2X4nduBV3Y=
        -----END EC PRIVATE KEY-----
        """

    /// A private key beside the public key of another.
    static let p256Mismatched = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEINHcsculbZVHx2mTXkjWEUht8kEoJgvcYcFixliQ508moAoGCCqGSM49
        AwEHoUQDQgAEFtLeWRA+lQrYE1CHYBrFdczo6AH7lEn5kfpINnp9+Huf6mK9uYJj
        X2wX/fdofEvwm/VRkWUPMru7Gm5iaSGtQg==
        -----END EC PRIVATE KEY-----
        """

    /// PKCS #1, 2048 bits.
    static let rsaPKCS1 = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEowIBAAKCAQEAojCzQkgHTX9omzeLAOaNGQmjztSIqcSkYHSAhHObg6X4a/zW
        fP+5alJE/7AnTCGkAP9CsqKKpUc5s98xX8jGamRJLaVCNai/HDKVp7HCcJaxpCRe
        Fon60Tnj7KmRSOcw2P/2ZAYuQzP7vDWkiYFzV3EB5mR9+V8oTnPl5tmEW1ZShwoJ
        Z233JG3mWHJ1QBgfadF3WP2NjaKA4DwZChwYclxNlLHD8hUB/BPIr0kzGIUXSfa8
        JOM0I8tMD33Gm6EruoIizQoIAdh8lBv8f+7GjXW6PNM7wxl1kAE/Z+IgiyJ8TOhv
        UQbvOtFEUy2PoagzvYIK1I8wLOtT033Le+TMkwIDAQABAoIBABGGI4gw0iEsd/f1
        W16AipQ+92T8j7uQFJabX9tvxkjGIP5B9kbRNo5nTy81MDnIlLjK28EDUOmktXZa
        0jHgNpf+N+3noiy8C9IXIRZaXYDet1jd2RCkXeZHU/oZJCp1WFDJ7yxFgrAeKL/g
        J+P3iafT/PmQuA++mVNIsHlt3SAlGnrDsT5KWI3TDC06kqDh0b0KqLEGfOKjZy0c
        RdMHUmTdUO1/CsCJUyLhuPRlNjBHb+deFH1Z6GIw8yn/fsu2le1YxTAtzhgHBLPF
        LSQFtkx1oWqC5hcaWyX4FtS9tk6S3+ALZbzzf8leoBQWPxjbO12Vw4+5V6fqEn/q
        oRnQ58ECgYEA085PV1BY2IepyzpRjs5SIs9XtId4hpwih8BECwoOPiL3cyQco7rf
        oAX6aqTMQAvniQS76ulMeOP31UGzUEJyi414kE/9m3YVW7fA6wr9SLbSMxNd6bw/
        8i4bWOdUARVfAf2AFj+0h9FprEXwI3TlkbyUFQcK3XlSUfHzNMuvWvMCgYEAxAgm
        wcf+kNBVscHyfBoMwIWjF/hp86IPpvds1N4Qnwxpq02NIIUm3GeENKQ0ej577UBs
        Bt5MqdHomc1MCtuSkNl2X6i4wYMCVW9by2KL9ktX77Ynmw5RNP2jD4GC/GrWuyv3
        vSm3dhg54VgsbIhcPUBo4BfjI4x0JwK5qMjv7+ECgYBce5EZRvQEV/hDzMsf1+b1
        XCOnqB9wZ2yMad9MEq/1Yb86f2Ih+875SKL3Pc4RiSEoKvECuauyfZgRfgaV3O23
        Eaa7HLJX10+sJKgP+VRvE6TkuGghTxl83bUDNL7xWiuJ6u6qyFZDl6TUnBUm5jv3
        Tqg6JkEQQ5E2RrczLlz7EQKBgQCshvwNSoYqT6FMDATs4kRc4IC05QXizbv22AYp
        prN8N4F8qYlOmMGl81kwt2AUQo/xM+SfeuCACWUsj7mgSLVK1IlREX5hmXrhVFu2
        uamy/4aKS4e5+LTR7XSoffSZUTJhkwW7r05vGk0+ncqjTrPXmKt0prFapQ/JEaXy
        /b3mIQKBgDnSaFTppqp6t6nz7cSMGIEB7tOpvA5spDiwLJIRYMgNv+H5ip6CWVDj
        mUMmxcPIXgh+WhTK3S/VNucpRJf0PDMHZgXM3s406HAEfULq+x5N3juRjBLQwtGF
        dGg4XHE3ZHwo7moVZGVk6cos/QDPW0GUiYUzsAYtj8ZvwtKkxlgR
        -----END RSA PRIVATE KEY-----
        """

    /// Too short.
    static let rsa1024 = """
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

    /// Restricted to PSS.
    static let rsaPSS = """
        -----BEGIN PRIVATE KEY-----
        MIIEugIBADALBgkqhkiG9w0BAQoEggSmMIIEogIBAAKCAQEAqqa9UcCrluscJnQS
        XsX+0nfN38wLHPw9j6XqqPsMwNfAIgrm+8RbFR2J4CWCAx4SO0EV5RlswsmVXlSI
        ur005x+DIuKJn/8hZF3LVtYtqZpoMyDW0kc6DdCdmjJTL8+5fItLfbNR141csa7s
        rzAWqvrVKhTduhHqLllHzCViKychWNGdCesAXdyiNzdy9H3GuZ8OvExM58S0YEKA
        rXs2Y2bmI5/98fZIKf5ayk+qf4a4Z9yGLzALZ7SkuQo6yeBcX4CfRX3wF/rHs4US
        thPcAsZpc7K4cBGGVWI4AjQOwXHrD7lhLotD89yN/wSRCx4Kdfg+f2Ae5jCfsqxH
        EAzGrwIDAQABAoIBADR467qxEzHnHjNGuoVQvT+LHg8kBwDFIMrEOij2dN/xFz+A
        ebDNmjIecJAvCFCcFQAKTcixrisg3+Bu/tHortUob+KwpJ/BS8u4OXd8iPLfKw4Z
        mWR0CUpJLMTGl6Saa077590BX/d3HJr4Dgf6MeYmFZiIbPszWf4hbr27evmIYIVI
        lU9W2EEpMvhpNnXptvBKIk0ayj163jvxkD8FeFg4Bff748I/bHGDLn1DA2IN2BL4
        txB+2XY59jvGdAg5RyGOvIoJgJwbnigETrH9jRaYmRnZ0wQy9hxW3iQ1h0mBpKgc
        BC2vNL5fuIWkUq6TpUjHHyncpLeZcLnvmXuzx8ECgYEA2iKC4opct3neFJaSyTRC
        UMwVRkurrPGHzAKZlOPQD3JV3gOJ6nliwsr3iX5HS8hGxUxuYRzgltG4QXWsXGQE
        HdycgTiqKOg5ycFyyNlGvT5xO6ECxI2kF80h71UW657NkkiePBTxVaW5pY9+cPaq
        ZWF81thsjK44hf3cUfL8rcECgYEAyEYnd2D+sv4OhSv4L4a+2Eypwdf6UMActQ7H
        QvdfvOahzs/rwBgr3/ZsFexpUSQXwnd9pJh7eXnSliUkXHllEMyC1+i8PhLHsJp0
        ObzV30Cn4mbALVSkF5cVQagK+I1FnnrpuT4RpVCQL+Vl10afASusiZcpwhIVoe4t
        rJi5cG8CgYAcDHH+BUKUyRPYW+A2BQU99HAL4PELROdsQS1UatK3GcGW0aerQb6E
        Q6r+wAEU6oTHG+PZkugCHKdvq1zlaGrrGBH7v7iJmArOOZSz5NRmwx+2Ribf9UKT
        WOozJyLSW1IdrD7EhQDfPXcYpdHhXqZccOOnkJ6snD5iZFkvJGp/QQKBgHWfDirE
        opHJOAnqivaOsqMiU0jvaannSnTj2w9vbaDp6voljxXgnFQKy+wMTsZC5llmCDqU
        +1+atp1L7xEIktzM38OignwKV5FXBQ+r4ggeVvtW0WNOJJleODO5V8gmYE71bTNI
        SuDGcghPOAK5DUWIuuqMBxBdwqq50cVeZPqtAoGATnwVE09v9xT1Slqpm9bs6BFu
        CYfVbFeXPKCvQe45FHUJS6pQLS0Kry4wbkCqTSBMv2igjX5tcBTDB3xpD9blYtTZ
        7LMqF2G/EXhIQTWx+QvoU+kkeIv7zM6JOFfkTGPfbCB3YfO2r7oNvnrVVr2IuuW1
        d2tyIDjE00iuBD0zaD4=
        -----END PRIVATE KEY-----
        """

    static let p384 = """
        -----BEGIN EC PRIVATE KEY-----
        MIGkAgEBBDAlGD4u0nTAe8KXyk118SvbuXxWIO4cilYLWsxhsjyQnkGj2efrIL4K
        QGT93JYXwaqgBwYFK4EEACKhZANiAASQ3zfpnlfppBD4ZmsMuW++nibOhjxngvYM
        UiLgK4eP7/wzXR/MnZdJNuPCUk7AiprP+70GdxnmtXcn77j1ErjJXoujmpVvZtmR
        lOygvXmAkwugQ42ZndoG2VjAEj/rDtQ=
        -----END EC PRIVATE KEY-----
        """

    /// 32-byte numbers on another curve.
    static let secp256k1 = """
        -----BEGIN EC PRIVATE KEY-----
        MHQCAQEEIFsH89873ylmpV5lCAWFkWN+hanBtxvhvwkAPMMIJsOYoAcGBSuBBAAK
        oUQDQgAEb3g41zH6HashSdzDGW6di6RnDs5cxBUdi6y8vrQPtfy3GqRJS0XexDpc
        1DznfbUT/drTxWHHyH3vSQTX3D9hfA==
        -----END EC PRIVATE KEY-----
        """

    static let ed25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJDBVBSrMfIalCXojTYUlhQ/Nc8nfov32YUBkg80nOUY
        -----END PRIVATE KEY-----
        """

    static let ed448 = """
        -----BEGIN PRIVATE KEY-----
        MEcCAQAwBQYDK2VxBDsEOfR6VOIf9X26KWO4J9Kpnq3yiMIHThI1eLB8FQaVckL2
        37X6rtx77mBgo/5mJiNcRZ8ZgYmhaXS2LQ==
        -----END PRIVATE KEY-----
        """

    /// For key exchange, not for signatures.
    static let x25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VuBCIEIHgqZLoq4WeAS5eUQizJ9dDQRrPp6o0sQH5RAF7a3iRI
        -----END PRIVATE KEY-----
        """
}
