/// Chunked bodies that must be refused: `name | reason | wire`, see `WireText`. The reason is always the same.
enum RefusedChunks {
    static let text = #"""
        # Size (RFC 9112 §7.1)
        F-40a size 0x5 | MALFORMED_CHUNK | 0x5\r\nhello\r\n0\r\n\r\n
        F-40b size +5 | MALFORMED_CHUNK | +5\r\nhello\r\n0\r\n\r\n
        F-40c size -5 | MALFORMED_CHUNK | -5\r\nhello\r\n0\r\n\r\n
        F-40d blank before the size | MALFORMED_CHUNK | \x205\r\nhello\r\n0\r\n\r\n
        tab before the size | MALFORMED_CHUNK | \x095\r\nhello\r\n0\r\n\r\n
        blank behind the size | MALFORMED_CHUNK | 5 \r\nhello\r\n0\r\n\r\n
        tab behind the size | MALFORMED_CHUNK | 5\t\r\nhello\r\n0\r\n\r\n
        F-40g empty size | MALFORMED_CHUNK | \r\nhello\r\n0\r\n\r\n
        F-40h size 5g | MALFORMED_CHUNK | 5g\r\nhello\r\n0\r\n\r\n
        size with an underscore | MALFORMED_CHUNK | 0_5\r\nhello\r\n0\r\n\r\n
        size with an h | MALFORMED_CHUNK | 5h\r\nhello\r\n0\r\n\r\n
        two sizes | MALFORMED_CHUNK | 5,5\r\nhello\r\n0\r\n\r\n
        NUL behind the size | MALFORMED_CHUNK | 5\0\r\nhello\r\n0\r\n\r\n
        vertical tab behind the size | MALFORMED_CHUNK | 5\x0b\r\nhello\r\n0\r\n\r\n
        full-width digit | MALFORMED_CHUNK | \xef\xbc\x95\r\nhello\r\n0\r\n\r\n
        F-41 size 2^64+5 | MALFORMED_CHUNK | 10000000000000005\r\nhello\r\n0\r\n\r\n
        F-42 size 2^63 | MALFORMED_CHUNK | 8000000000000000\r\nhello\r\n0\r\n\r\n
        size 2^64-1 | MALFORMED_CHUNK | ffffffffffffffff\r\nhello\r\n0\r\n\r\n
        F-44 size of 4000 digits | MALFORMED_CHUNK | \(5*4000)\r\nhello\r\n0\r\n\r\n
        size of 17 digits, all but one of them 0 | MALFORMED_CHUNK | 00000000000000005\r\nhello\r\n0\r\n\r\n
        F-53 size line ended by LF | MALFORMED_CHUNK | 5\nhello\r\n0\r\n\r\n
        size line ended by CR | MALFORMED_CHUNK | 5\rhello\r\n0\r\n\r\n
        size line ended by CR CR LF | MALFORMED_CHUNK | 5\r\r\nhello\r\n0\r\n\r\n
        last chunk ended by LF | MALFORMED_CHUNK | 5\r\nhello\r\n0\n\r\n

        # Data
        F-50 data longer than the size | MALFORMED_CHUNK | 4\r\nhello\r\n0\r\n\r\n
        data shorter than the size | MALFORMED_CHUNK | 6\r\nhello\r\n0\r\n\r\n
        F-52 data ended by LF | MALFORMED_CHUNK | 5\r\nhello\n0\r\n\r\n
        data ended by CR | MALFORMED_CHUNK | 5\r\nhello\r0\r\n\r\n
        data ended by nothing | MALFORMED_CHUNK | 5\r\nhello0\r\n\r\n
        data ended by an empty line | MALFORMED_CHUNK | 5\r\nhello\r\n\r\n0\r\n\r\n
        data ended by two other bytes | MALFORMED_CHUNK | 5\r\nhelloXX0\r\n\r\n

        # Extensions (RFC 9112 §7.1.1)
        F-46 bare LF in an extension | MALFORMED_CHUNK | 5;a\nb\r\nhello\r\n0\r\n\r\n
        bare LF behind an extension | MALFORMED_CHUNK | 5;a=b\nhello\r\n0\r\n\r\n
        bare CR in an extension | MALFORMED_CHUNK | 5;a\rb\r\nhello\r\n0\r\n\r\n
        F-49 NUL in an extension | MALFORMED_CHUNK | 5;a\0\r\nhello\r\n0\r\n\r\n
        empty extension | MALFORMED_CHUNK | 5;\r\nhello\r\n0\r\n\r\n
        two semicolons | MALFORMED_CHUNK | 5;;a\r\nhello\r\n0\r\n\r\n
        extension without a name | MALFORMED_CHUNK | 5;=b\r\nhello\r\n0\r\n\r\n
        extension with an empty value | MALFORMED_CHUNK | 5;a=\r\nhello\r\n0\r\n\r\n
        blank before the semicolon | MALFORMED_CHUNK | 5 ;a=b\r\nhello\r\n0\r\n\r\n
        blank behind the semicolon | MALFORMED_CHUNK | 5; a=b\r\nhello\r\n0\r\n\r\n
        blank before the equals sign | MALFORMED_CHUNK | 5;a =b\r\nhello\r\n0\r\n\r\n
        blank behind the extension | MALFORMED_CHUNK | 5;a=b \r\nhello\r\n0\r\n\r\n
        8-bit byte in an extension's name | MALFORMED_CHUNK | 5;\xe9\r\nhello\r\n0\r\n\r\n
        open quote | MALFORMED_CHUNK | 5;a="b\r\nhello\r\n0\r\n\r\n
        line end in quotes | MALFORMED_CHUNK | 5;a="b\r\n"\r\nhello\r\n0\r\n\r\n
        escaped line end in quotes | MALFORMED_CHUNK | 5;a="\\\r\n"\r\nhello\r\n0\r\n\r\n
        control byte in quotes | MALFORMED_CHUNK | 5;a="\x01"\r\nhello\r\n0\r\n\r\n
        word behind the quotes | MALFORMED_CHUNK | 5;a="b"c\r\nhello\r\n0\r\n\r\n
        bare LF in the last chunk's extension | MALFORMED_CHUNK | 0;a\n\r\n\r\n
        F-57 extension of 64 KiB | MALFORMED_CHUNK | 5;\(a*65536)\r\nhello\r\n0\r\n\r\n
        64 KiB of extensions on small chunks | MALFORMED_CHUNK | \(1;\(a*600)\r\nx\r\n*100)0\r\n\r\n

        # Trailers (RFC 9112 §7.1.2)
        trailer without a colon | MALFORMED_CHUNK | 0\r\nnonsense\r\n\r\n
        trailer with an empty name | MALFORMED_CHUNK | 0\r\n: y\r\n\r\n
        blank before the colon of a trailer | MALFORMED_CHUNK | 0\r\nX : y\r\n\r\n
        folded trailer | MALFORMED_CHUNK | 0\r\nX: y\r\n z\r\n\r\n
        indented trailer | MALFORMED_CHUNK | 0\r\n X: y\r\n\r\n
        bare LF behind a trailer | MALFORMED_CHUNK | 0\r\nX: y\n\r\n
        bare LF instead of the empty line | MALFORMED_CHUNK | 0\r\n\n
        bare CR in a trailer | MALFORMED_CHUNK | 0\r\nX: y\rz\r\n\r\n
        CR CR LF at the end | MALFORMED_CHUNK | 0\r\n\r\r\n
        NUL in a trailer | MALFORMED_CHUNK | 0\r\nX: \0\r\n\r\n
        8-bit byte in a trailer's name | MALFORMED_CHUNK | 0\r\nX\xe9: y\r\n\r\n
        a request right behind the last chunk's line | MALFORMED_CHUNK | 0\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n
        trailers of 64 KiB | MALFORMED_CHUNK | 0\r\n\(X: y\r\n*10923)\r\n
        one trailer of 64 KiB | MALFORMED_CHUNK | 0\r\nX: \(y*65536)\r\n\r\n
        """#
}
