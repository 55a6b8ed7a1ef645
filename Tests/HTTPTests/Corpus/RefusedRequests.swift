/// Request heads that must be refused, as they come over the wire: `name | reason | wire`. See `WireText` for escapes.
/// Names that begin with a letter and a number are those of the attack catalogue; the others follow the RFC's order.
enum RefusedRequests {
    static let text = #"""
        # Content-Length (RFC 9110 §8.6, RFC 9112 §6.3)
        F-05 two different lengths | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n
        F-06 two equal lengths | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n
        F-07 listed equal lengths | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n
        F-08 listed lengths | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\n
        F-09a signed length | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n
        F-09b negative length | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n
        F-09c hexadecimal length | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n
        F-09e empty length | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n
        F-09e length without anything | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n
        F-09h length with a letter behind | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\n\r\n
        length with a blank inside | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 0\r\n\r\n
        length with a tab inside | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\t0\r\n\r\n
        length with a point | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5.0\r\n\r\n
        length with an exponent | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5e0\r\n\r\n
        length with an underscore | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5_0\r\n\r\n
        length in quotes | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "5"\r\n\r\n
        length with a comma behind | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5,\r\n\r\n
        length with a semicolon behind | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5;\r\n\r\n
        length in Arabic digits | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \xd9\xa5\r\n\r\n
        length in full-width digits | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \xef\xbc\x95\r\n\r\n
        F-11 length 2^64+5 | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\n
        F-12 length 2^63 | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n
        length 2^64-1 | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n
        length of 4000 digits | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(9*4000)\r\n\r\n
        length of 4000 zeros | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(0*4000)\r\n\r\n
        repeated length in odd case | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ncONTENT-lENGTH: 5\r\n\r\n
        first length empty, second good | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\nContent-Length: 5\r\n\r\n
        length with a vertical tab before | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \x0b5\r\n\r\n
        length with a form feed behind | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\x0c\r\n\r\n
        length with a no-break space before | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \xa05\r\n\r\n

        # Transfer-Encoding (RFC 9112 §6.1)
        F-01 length, then chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n
        F-02 chunked, then length | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n
        length 0 beside chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n
        F-04 chunked in HTTP/1.0 | AMBIGUOUS_FRAMING | POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n
        F-17a xchunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n
        F-17b identity | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n
        F-17c chunked, identity | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n
        identity, chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n
        gzip, chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n
        gzip | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n
        F-17e comma before chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n
        comma behind chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n\r\n
        F-17g chunked twice in one line | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n
        F-17i vertical tab before chunked | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n
        vertical tab behind chunked | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\x0b\r\n\r\n
        NUL behind chunked | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\0\r\n\r\n
        F-17q chunked cow | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked cow\r\n\r\n
        chunked with a parameter | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n
        chunked in quotes | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "chunked"\r\n\r\n
        chunke | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunke\r\n\r\n
        chunkedd | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunkedd\r\n\r\n
        Kelvin sign in chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chun\xe2\x84\xaaed\r\n\r\n
        no-break space before chunked | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \xa0chunked\r\n\r\n
        empty coding | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n
        F-18 two chunked lines | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n
        chunked line, then identity line | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n
        identity line, then chunked line | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n
        chunked and length in odd case | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\ntRANSFER-eNCODING: CHUNKED\r\ncontent-LENGTH: 4\r\n\r\n

        # Field lines (RFC 9112 §5)
        F-15 blank before the colon of a length | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n
        F-15 tab before the colon of a length | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nContent-Length\t: 5\r\n\r\n
        F-16 blank before the colon of a coding | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n
        F-16 tab before the colon of a coding | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n
        H-14 blank before the colon of an identity field | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX-User-Id : 1\r\n\r\n
        blank before the colon of Host | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost : a\r\n\r\n
        F-20 coding in a folded line | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n
        F-20 coding in a line folded by a tab | AMBIGUOUS_FRAMING | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n
        coding folded behind its first word | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n , identity\r\n\r\n
        F-24 line of blanks before the fields | MALFORMED_REQUEST | GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n
        F-24 first field indented | MALFORMED_REQUEST | GET / HTTP/1.1\r\n Host: a\r\n\r\n
        first field indented by a tab | MALFORMED_REQUEST | GET / HTTP/1.1\r\n\tHost: a\r\n\r\n
        line of blanks between the fields | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n \r\nX: y\r\n\r\n
        line of blanks at the end | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n
        F-39 folded ordinary field | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n
        F-39 folded by a tab | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n
        F-26 bare CR in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: 5\r\n\r\n
        F-26 bare CR at the end of a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n
        bare CR in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX\rY: z\r\n\r\n
        bare CR where a line begins | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n
        CR CR LF instead of the empty line | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n\r\r\n
        F-27 bare LF in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\nContent-Length: 5\r\n\r\n
        F-27 bare LF in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX\nContent-Length: 5\r\n\r\n
        bare LF instead of the empty line | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n\n
        LF LF behind the last field | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\n\n
        F-28 bare LF throughout | MALFORMED_REQUEST | GET / HTTP/1.1\nHost: a\n\n
        LF CR instead of CR LF | MALFORMED_REQUEST | GET / HTTP/1.1\n\rHost: a\n\r\n\r
        bare CR throughout | MALFORMED_REQUEST | GET / HTTP/1.1\rHost: a\r\r
        F-31 NUL in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n
        F-31 NUL in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n
        F-32 control byte in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\x01z\r\n\r\n
        backspace in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\x08z\r\n\r\n
        vertical tab in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\x0bz\r\n\r\n
        form feed in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\x0cz\r\n\r\n
        escape in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: \x1b[2J\r\n\r\n
        unit separator in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\x1fz\r\n\r\n
        DEL in a value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX: y\x7f\r\n\r\n
        NUL as a whole value | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX:\0\r\n\r\n
        F-33 empty name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n: y\r\nX: z\r\n\r\n
        F-34 lone colon | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n:\r\nX: z\r\n\r\n
        F-34 lone colon first | MALFORMED_REQUEST | GET / HTTP/1.1\r\n:\r\nHost: a\r\n\r\n
        F-35 no colon | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n
        no colon, with a blank | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX y\r\n\r\n
        another request line among the fields | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nGET /admin HTTP/1.1\r\n\r\n
        F-36 bracket in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX[0]: y\r\n\r\n
        round bracket in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX(c): y\r\n\r\n
        slash in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX/Y: z\r\n\r\n
        backslash in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX\\Y: z\r\n\r\n
        at sign in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX@Y: z\r\n\r\n
        quote in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n"X": y\r\n\r\n
        equals sign in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX=Y: z\r\n\r\n
        semicolon in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX;Y: z\r\n\r\n
        comma in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX,Y: z\r\n\r\n
        brace in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\n{X}: y\r\n\r\n
        blank in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nContent Length: 5\r\n\r\n
        DEL in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX\x7f: y\r\n\r\n
        F-37 8-bit byte in a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nX\xe9: y\r\n\r\n
        no-break space before the colon | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nContent-Length\xa0: 5\r\n\r\n
        byte order mark before a name | MALFORMED_REQUEST | GET / HTTP/1.1\r\n\xef\xbb\xbfHost: a\r\n\r\n

        # Request line (RFC 9112 §3)
        F-61 HTTP/0.9 | MALFORMED_REQUEST | GET /\r\n
        HTTP/0.9 with fields | MALFORMED_REQUEST | GET /\r\nHost: a\r\n\r\n
        F-62 HTTP/9.9 | HTTP_VERSION_NOT_SUPPORTED | GET / HTTP/9.9\r\nHost: a\r\n\r\n
        HTTP/1.2 | HTTP_VERSION_NOT_SUPPORTED | GET / HTTP/1.2\r\nHost: a\r\n\r\n
        HTTP/2.0 | HTTP_VERSION_NOT_SUPPORTED | GET / HTTP/2.0\r\nHost: a\r\n\r\n
        HTTP/0.9 by name | HTTP_VERSION_NOT_SUPPORTED | GET / HTTP/0.9\r\nHost: a\r\n\r\n
        F-94 preface of HTTP/2 | HTTP_VERSION_NOT_SUPPORTED | PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n
        F-64 http/1.1 | MALFORMED_REQUEST | GET / http/1.1\r\nHost: a\r\n\r\n
        HTTP/1.10 | MALFORMED_REQUEST | GET / HTTP/1.10\r\nHost: a\r\n\r\n
        HTTP/11.1 | MALFORMED_REQUEST | GET / HTTP/11.1\r\nHost: a\r\n\r\n
        HTTP/1 | MALFORMED_REQUEST | GET / HTTP/1\r\nHost: a\r\n\r\n
        HTTP/1. | MALFORMED_REQUEST | GET / HTTP/1.\r\nHost: a\r\n\r\n
        HTTP/.1 | MALFORMED_REQUEST | GET / HTTP/.1\r\nHost: a\r\n\r\n
        HTTP/1,1 | MALFORMED_REQUEST | GET / HTTP/1,1\r\nHost: a\r\n\r\n
        HTTP 1.1 | MALFORMED_REQUEST | GET / HTTP 1.1\r\nHost: a\r\n\r\n
        HTTP/+1.1 | MALFORMED_REQUEST | GET / HTTP/+1.1\r\nHost: a\r\n\r\n
        HTTP/a.b | MALFORMED_REQUEST | GET / HTTP/a.b\r\nHost: a\r\n\r\n
        HTTP//1.1 | MALFORMED_REQUEST | GET / HTTP//1.1\r\nHost: a\r\n\r\n
        HTTPS/1.1 | MALFORMED_REQUEST | GET / HTTPS/1.1\r\nHost: a\r\n\r\n
        another protocol | MALFORMED_REQUEST | GET / FTP/1.1\r\nHost: a\r\n\r\n
        blank behind the version | MALFORMED_REQUEST | GET / HTTP/1.1 \r\nHost: a\r\n\r\n
        tab behind the version | MALFORMED_REQUEST | GET / HTTP/1.1\t\r\nHost: a\r\n\r\n
        word behind the version | MALFORMED_REQUEST | GET / HTTP/1.1 x\r\nHost: a\r\n\r\n
        NUL behind the version | MALFORMED_REQUEST | GET / HTTP/1.1\0\r\nHost: a\r\n\r\n
        bare LF behind the version | MALFORMED_REQUEST | GET / HTTP/1.1\nHost: a\r\n\r\n
        bare CR behind the version | MALFORMED_REQUEST | GET / HTTP/1.1\rHost: a\r\n\r\n
        F-66 two blanks before the target | MALFORMED_REQUEST | GET  / HTTP/1.1\r\nHost: a\r\n\r\n
        F-66 two blanks behind the target | MALFORMED_REQUEST | GET /  HTTP/1.1\r\nHost: a\r\n\r\n
        F-67 tab before the target | MALFORMED_REQUEST | GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n
        F-67 tab behind the target | MALFORMED_REQUEST | GET /\tHTTP/1.1\r\nHost: a\r\n\r\n
        vertical tab before the target | MALFORMED_REQUEST | GET\x0b/ HTTP/1.1\r\nHost: a\r\n\r\n
        blank before the method | MALFORMED_REQUEST | \x20GET / HTTP/1.1\r\nHost: a\r\n\r\n
        tab before the method | MALFORMED_REQUEST | \x09GET / HTTP/1.1\r\nHost: a\r\n\r\n
        no target | MALFORMED_REQUEST | GET HTTP/1.1\r\nHost: a\r\n\r\n
        two blanks instead of a target | MALFORMED_REQUEST | GET  HTTP/1.1\r\nHost: a\r\n\r\n
        no method | MALFORMED_REQUEST | / HTTP/1.1\r\nHost: a\r\n\r\n
        only a method | MALFORMED_REQUEST | GET\r\n\r\n
        two empty lines first | MALFORMED_REQUEST | \r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n
        bare LF first | MALFORMED_REQUEST | \nGET / HTTP/1.1\r\nHost: a\r\n\r\n
        bare CR first | MALFORMED_REQUEST | \rGET / HTTP/1.1\r\nHost: a\r\n\r\n
        NUL first | MALFORMED_REQUEST | \0GET / HTTP/1.1\r\nHost: a\r\n\r\n
        byte order mark first | MALFORMED_REQUEST | \xef\xbb\xbfGET / HTTP/1.1\r\nHost: a\r\n\r\n
        TLS client hello | MALFORMED_REQUEST | \x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03
        PROXY protocol line | MALFORMED_REQUEST | PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n
        PROXY protocol 2 | MALFORMED_REQUEST | \r\n\r\n\0\r\nQUIT\n
        an answer instead of a request | MALFORMED_REQUEST | HTTP/1.1 200 OK\r\n\r\n
        SSH banner | MALFORMED_REQUEST | SSH-2.0-OpenSSH_9.2\r\n

        # Method (RFC 9110 §9)
        lower-case method | MALFORMED_REQUEST | get / HTTP/1.1\r\nHost: a\r\n\r\n
        mixed-case method | MALFORMED_REQUEST | Get / HTTP/1.1\r\nHost: a\r\n\r\n
        F-69 NUL in the method | MALFORMED_REQUEST | GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n
        F-71 method of 4 KiB | MALFORMED_REQUEST | \(A*4096) / HTTP/1.1\r\nHost: a\r\n\r\n
        method of 33 bytes | MALFORMED_REQUEST | \(A*33) / HTTP/1.1\r\nHost: a\r\n\r\n
        digit in the method | MALFORMED_REQUEST | GET1 / HTTP/1.1\r\nHost: a\r\n\r\n
        underscore in the method | MALFORMED_REQUEST | GE_T / HTTP/1.1\r\nHost: a\r\n\r\n
        colon in the method | MALFORMED_REQUEST | GET: / HTTP/1.1\r\nHost: a\r\n\r\n
        slash in the method | MALFORMED_REQUEST | GET/ / HTTP/1.1\r\nHost: a\r\n\r\n
        8-bit byte in the method | MALFORMED_REQUEST | G\xc3\x89T / HTTP/1.1\r\nHost: a\r\n\r\n
        F-78 CONNECT | METHOD_NOT_IMPLEMENTED | CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n
        CONNECT with a path | METHOD_NOT_IMPLEMENTED | CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n

        # Target (RFC 9112 §3.2)
        F-68 blank in the target | MALFORMED_REQUEST | GET /a b HTTP/1.1\r\nHost: a\r\n\r\n
        F-72 8-bit byte in the path | AMBIGUOUS_PATH | GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n
        F-72 UTF-8 in the path | AMBIGUOUS_PATH | GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n
        8-bit byte in the query | MALFORMED_REQUEST | GET /?q=\xe9 HTTP/1.1\r\nHost: a\r\n\r\n
        F-73 control byte in the path | MALFORMED_REQUEST | GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n
        control byte in the query | MALFORMED_REQUEST | GET /?\x01 HTTP/1.1\r\nHost: a\r\n\r\n
        NUL in the path | MALFORMED_REQUEST | GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n
        DEL in the path | MALFORMED_REQUEST | GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n
        DEL in the query | MALFORMED_REQUEST | GET /?\x7f HTTP/1.1\r\nHost: a\r\n\r\n
        bare CR in the target | MALFORMED_REQUEST | GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n
        bare LF in the target | MALFORMED_REQUEST | GET /\nx HTTP/1.1\r\nHost: a\r\n\r\n
        F-74 fragment | MALFORMED_REQUEST | GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n
        fragment behind a query | MALFORMED_REQUEST | GET /a?b#c HTTP/1.1\r\nHost: a\r\n\r\n
        F-75 no slash first | MALFORMED_REQUEST | GET admin HTTP/1.1\r\nHost: a\r\n\r\n
        no slash first, as a host | MALFORMED_REQUEST | GET host HTTP/1.1\r\nHost: host\r\n\r\n
        backslash first | MALFORMED_REQUEST | GET \\admin HTTP/1.1\r\nHost: a\r\n\r\n
        query only | MALFORMED_REQUEST | GET ?a=b HTTP/1.1\r\nHost: a\r\n\r\n
        encoded slash first | MALFORMED_REQUEST | GET %2fadmin HTTP/1.1\r\nHost: a\r\n\r\n
        dots first | MALFORMED_REQUEST | GET ../admin HTTP/1.1\r\nHost: a\r\n\r\n
        F-77 asterisk with GET | MALFORMED_REQUEST | GET * HTTP/1.1\r\nHost: a\r\n\r\n
        asterisk with a tail | MALFORMED_REQUEST | OPTIONS *x HTTP/1.1\r\nHost: a\r\n\r\n
        asterisk with a query | MALFORMED_REQUEST | OPTIONS *?x HTTP/1.1\r\nHost: a\r\n\r\n
        asterisk with a path | MALFORMED_REQUEST | OPTIONS */admin HTTP/1.1\r\nHost: a\r\n\r\n
        authority-form with GET | MALFORMED_REQUEST | GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n
        authority-form that begins like a scheme | MALFORMED_REQUEST | GET h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n
        another scheme | MALFORMED_REQUEST | GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n
        another scheme that begins alike | MALFORMED_REQUEST | GET httpx://a/ HTTP/1.1\r\nHost: a\r\n\r\n
        file scheme | MALFORMED_REQUEST | GET file:///etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n
        scheme with one slash | MALFORMED_REQUEST | GET http:/a/ HTTP/1.1\r\nHost: a\r\n\r\n
        scheme without slashes | MALFORMED_REQUEST | GET http:a HTTP/1.1\r\nHost: a\r\n\r\n
        scheme with backslashes | MALFORMED_REQUEST | GET http:\\\\a/ HTTP/1.1\r\nHost: a\r\n\r\n
        F-85 absolute-form with another host | BAD_HOST | GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form with another port | BAD_HOST | GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form without the port of Host | BAD_HOST | GET http://a/ HTTP/1.1\r\nHost: a:8080\r\n\r\n
        absolute-form with the other scheme's port | BAD_HOST | GET https://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form without Host | BAD_HOST | GET http://a/ HTTP/1.1\r\nX: y\r\n\r\n
        absolute-form with an empty authority | BAD_HOST | GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form with user information | BAD_HOST | GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form with user and password | BAD_HOST | GET http://a:80@b/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form with a backslash in the authority | BAD_HOST | GET http://a\\@b/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form with an escape in the authority | BAD_HOST | GET http://%61/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form with an empty port | BAD_HOST | GET http://a:/ HTTP/1.1\r\nHost: a\r\n\r\n
        absolute-form in HTTP/1.0 with another Host | BAD_HOST | GET http://b/ HTTP/1.0\r\nHost: a\r\n\r\n

        # Host (RFC 9112 §3.2, RFC 9110 §7.2)
        F-80 no Host | BAD_HOST | GET / HTTP/1.1\r\nX: y\r\n\r\n
        no field at all | BAD_HOST | GET / HTTP/1.1\r\n\r\n
        F-81 two hosts | BAD_HOST | GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n
        F-81 the same host twice | BAD_HOST | GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n
        two hosts in HTTP/1.0 | BAD_HOST | GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n
        F-82a blank in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: a b\r\n\r\n
        F-82b slash in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: a/b\r\n\r\n
        empty host | BAD_HOST | GET / HTTP/1.1\r\nHost:\r\n\r\n
        empty host in HTTP/1.0 | BAD_HOST | GET / HTTP/1.0\r\nHost: \r\n\r\n
        listed hosts | BAD_HOST | GET / HTTP/1.1\r\nHost: a, b\r\n\r\n
        listed hosts without a blank | BAD_HOST | GET / HTTP/1.1\r\nHost: a,b\r\n\r\n
        user information in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: u@a\r\n\r\n
        scheme in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: http://a\r\n\r\n
        query in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: a?b\r\n\r\n
        fragment in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: a#b\r\n\r\n
        backslash in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n
        escape in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: %61\r\n\r\n
        8-bit byte in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: \xc3\xa9.test\r\n\r\n
        quote in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: "a"\r\n\r\n
        star in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: *.a\r\n\r\n
        dot first in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: .a\r\n\r\n
        two dots in the host | BAD_HOST | GET / HTTP/1.1\r\nHost: a..b\r\n\r\n
        two dots at the host's end | BAD_HOST | GET / HTTP/1.1\r\nHost: a..\r\n\r\n
        dot as a host | BAD_HOST | GET / HTTP/1.1\r\nHost: .\r\n\r\n
        host of 255 bytes | BAD_HOST | GET / HTTP/1.1\r\nHost: \(a*255)\r\n\r\n
        empty port | BAD_HOST | GET / HTTP/1.1\r\nHost: a:\r\n\r\n
        only a port | BAD_HOST | GET / HTTP/1.1\r\nHost: :80\r\n\r\n
        port 0 | BAD_HOST | GET / HTTP/1.1\r\nHost: a:0\r\n\r\n
        port 65536 | BAD_HOST | GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n
        port of many digits | BAD_HOST | GET / HTTP/1.1\r\nHost: a:000080\r\n\r\n
        port that is a word | BAD_HOST | GET / HTTP/1.1\r\nHost: a:http\r\n\r\n
        signed port | BAD_HOST | GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n
        port with a tail | BAD_HOST | GET / HTTP/1.1\r\nHost: a:80x\r\n\r\n
        two ports | BAD_HOST | GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n
        IPv6 without brackets | BAD_HOST | GET / HTTP/1.1\r\nHost: ::1\r\n\r\n
        open bracket only | BAD_HOST | GET / HTTP/1.1\r\nHost: [::1\r\n\r\n
        empty brackets | BAD_HOST | GET / HTTP/1.1\r\nHost: []\r\n\r\n
        name in brackets | BAD_HOST | GET / HTTP/1.1\r\nHost: [a.test]\r\n\r\n
        tail behind the brackets | BAD_HOST | GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n
        IPv6 with two gaps | BAD_HOST | GET / HTTP/1.1\r\nHost: [1::2::3]\r\n\r\n
        IPv6 with three colons | BAD_HOST | GET / HTTP/1.1\r\nHost: [:::1]\r\n\r\n
        IPv6 with nine groups | BAD_HOST | GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7:8:9]\r\n\r\n
        IPv6 with seven groups | BAD_HOST | GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7]\r\n\r\n
        IPv6 with a group of five digits | BAD_HOST | GET / HTTP/1.1\r\nHost: [::12345]\r\n\r\n
        IPv6 with a colon at its end | BAD_HOST | GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7:]\r\n\r\n
        IPv6 with a zone | BAD_HOST | GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n
        IPv6 with a bad IPv4 tail | BAD_HOST | GET / HTTP/1.1\r\nHost: [::1.2.3.256]\r\n\r\n
        IPv6 with three parts of IPv4 | BAD_HOST | GET / HTTP/1.1\r\nHost: [::1.2.3]\r\n\r\n
        address of the future | BAD_HOST | GET / HTTP/1.1\r\nHost: [v1.a]\r\n\r\n

        # Connection and Expect (RFC 9110 §7.6.1, §10.1.1)
        H-11 Connection names Content-Length | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: Content-Length\r\n\r\n
        Connection names Transfer-Encoding | MALFORMED_REQUEST | POST / HTTP/1.1\r\nHost: a\r\nConnection: close, transfer-ENCODING\r\n\r\n
        Connection names Host | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n\r\n
        Connection names Authorization | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nConnection: Authorization\r\n\r\n
        Connection names Cookie in its second line | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: x, cookie\r\n\r\n
        Connection with a word of two | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nConnection: keep alive\r\n\r\n
        Connection with a parameter | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nConnection: close;x\r\n\r\n
        Connection in quotes | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nConnection: "close"\r\n\r\n
        Connection with an 8-bit byte | MALFORMED_REQUEST | GET / HTTP/1.1\r\nHost: a\r\nConnection: clos\xc3\xa9\r\n\r\n
        Connection with 33 names | HEAD_TOO_LARGE | GET / HTTP/1.1\r\nHost: a\r\nConnection: \(x,*33)\r\n\r\n
        another expectation | EXPECTATION_FAILED | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 200-ok\r\n\r\n
        empty expectation | EXPECTATION_FAILED | POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect:\r\n\r\n
        two expectations | EXPECTATION_FAILED | POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, x\r\nContent-Length: 5\r\n\r\n
        the expectation twice | EXPECTATION_FAILED | POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n\r\n

        # Limits (RFC 9112 §3, RFC 6585 §5)
        F-95 one field of 300 KiB | HEAD_TOO_LARGE | GET / HTTP/1.1\r\nHost: a\r\nX: \(y*307200)\r\n\r\n
        F-96 20,000 small fields | HEAD_TOO_LARGE | GET / HTTP/1.1\r\nHost: a\r\n\(X: y\r\n*20000)\r\n
        101 fields | HEAD_TOO_LARGE | GET / HTTP/1.1\r\nHost: a\r\n\(X: y\r\n*100)\r\n
        F-97 target of 300 KiB | TARGET_TOO_LONG | GET /\(x*307200) HTTP/1.1\r\nHost: a\r\n\r\n
        query of 300 KiB | TARGET_TOO_LONG | GET /?\(x*307200) HTTP/1.1\r\nHost: a\r\n\r\n
        target of 8193 bytes | TARGET_TOO_LONG | GET /\(x*8192) HTTP/1.1\r\nHost: a\r\n\r\n
        target too long, then a bad byte | TARGET_TOO_LONG | GET /\(x*8192)\x01 HTTP/1.1\r\nHost: a\r\n\r\n
        F-98 name of 300 KiB without a colon | HEAD_TOO_LARGE | GET / HTTP/1.1\r\nHost: a\r\n\(x*307200)\r\n\r\n
        blanks of 300 KiB before a value | HEAD_TOO_LARGE | GET / HTTP/1.1\r\nHost: a\r\nX:\(\x20*307200)\r\n\r\n
        """#
}
