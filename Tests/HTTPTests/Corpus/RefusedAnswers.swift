/// Answer heads of upstreams that must be refused: `name | reason | wire`, see `WireText`. The reason is always the same.
enum RefusedAnswers {
    static let text = #"""
        # Status line (RFC 9112 §4)
        U-06 not HTTP | UPSTREAM_MALFORMED | SSH-2.0-OpenSSH_9.2\r\n
        U-06 HTML without a head | UPSTREAM_MALFORMED | <html></html>
        a request instead of an answer | UPSTREAM_MALFORMED | GET / HTTP/1.1\r\nHost: a\r\n\r\n
        empty line first | UPSTREAM_MALFORMED | \r\nHTTP/1.1 200 OK\r\n\r\n
        the end of a chunked body first | UPSTREAM_MALFORMED | 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n
        blank first | UPSTREAM_MALFORMED | \x20HTTP/1.1 200 OK\r\n\r\n
        NUL first | UPSTREAM_MALFORMED | \0HTTP/1.1 200 OK\r\n\r\n
        lower-case protocol | UPSTREAM_MALFORMED | http/1.1 200 OK\r\n\r\n
        ICY | UPSTREAM_MALFORMED | ICY 200 OK\r\n\r\n
        HTTP/2.0 | UPSTREAM_MALFORMED | HTTP/2.0 200 OK\r\n\r\n
        HTTP/1.2 | UPSTREAM_MALFORMED | HTTP/1.2 200 OK\r\n\r\n
        HTTP/0.9 | UPSTREAM_MALFORMED | HTTP/0.9 200 OK\r\n\r\n
        HTTP/1.10 | UPSTREAM_MALFORMED | HTTP/1.10 200 OK\r\n\r\n
        no version | UPSTREAM_MALFORMED | HTTP 200 OK\r\n\r\n
        two blanks before the status | UPSTREAM_MALFORMED | HTTP/1.1  200 OK\r\n\r\n
        tab before the status | UPSTREAM_MALFORMED | HTTP/1.1\t200 OK\r\n\r\n
        no status | UPSTREAM_MALFORMED | HTTP/1.1 OK\r\n\r\n
        empty status | UPSTREAM_MALFORMED | HTTP/1.1 \r\n\r\n
        status of two digits | UPSTREAM_MALFORMED | HTTP/1.1 20 OK\r\n\r\n
        status of four digits | UPSTREAM_MALFORMED | HTTP/1.1 2000 OK\r\n\r\n
        status of many digits | UPSTREAM_MALFORMED | HTTP/1.1 \(2*4000) OK\r\n\r\n
        signed status | UPSTREAM_MALFORMED | HTTP/1.1 +20 OK\r\n\r\n
        status 000 | UPSTREAM_MALFORMED | HTTP/1.1 000 OK\r\n\r\n
        status 099 | UPSTREAM_MALFORMED | HTTP/1.1 099 OK\r\n\r\n
        status 600 | UPSTREAM_MALFORMED | HTTP/1.1 600 OK\r\n\r\n
        status 999 | UPSTREAM_MALFORMED | HTTP/1.1 999 OK\r\n\r\n
        word behind the status without a blank | UPSTREAM_MALFORMED | HTTP/1.1 200OK\r\n\r\n
        tab behind the status | UPSTREAM_MALFORMED | HTTP/1.1 200\tOK\r\n\r\n
        bare LF behind the status line | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\nX: y\r\n\r\n
        bare LF behind the status | UPSTREAM_MALFORMED | HTTP/1.1 200\nX: y\r\n\r\n
        bare CR in the phrase | UPSTREAM_MALFORMED | HTTP/1.1 200 O\rK\r\n\r\n
        NUL in the phrase | UPSTREAM_MALFORMED | HTTP/1.1 200 O\0K\r\n\r\n
        DEL in the phrase | UPSTREAM_MALFORMED | HTTP/1.1 200 O\x7fK\r\n\r\n
        escape in the phrase | UPSTREAM_MALFORMED | HTTP/1.1 200 \x1b[2J\r\n\r\n
        bare LF throughout | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\nContent-Length: 0\n\n

        # Framing (RFC 9112 §6)
        U-01 two different lengths | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n
        two equal lengths | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n
        listed equal lengths | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n
        signed length | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n
        negative length | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n
        empty length | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n
        length 2^63 | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n
        length 2^64+5 | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\n
        U-03 unknown coding | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nTransfer-Encoding: cow\r\n\r\n
        identity | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n
        gzip, chunked | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n
        chunked twice | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n
        length and chunked | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n
        chunked and length | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n
        chunked in HTTP/1.0 | UPSTREAM_MALFORMED | HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n
        bad length in an answer without body | UPSTREAM_MALFORMED | HTTP/1.1 304 Not Modified\r\nContent-Length: x\r\n\r\n
        interim answer with a length | UPSTREAM_MALFORMED | HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n
        interim answer in chunks | UPSTREAM_MALFORMED | HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n
        101 with a length | UPSTREAM_MALFORMED | HTTP/1.1 101 Switching Protocols\r\nContent-Length: 5\r\n\r\n

        # Field lines (RFC 9112 §5)
        U-08 bare CR in a field | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX: y\rz\r\n\r\n
        bare LF in a field | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX: y\nz: w\r\n\r\n
        NUL in a field | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX: y\0\r\n\r\n
        DEL in a field | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX: y\x7f\r\n\r\n
        folded field | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n
        first field indented | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\n X: y\r\n\r\n
        blank before the colon | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX : y\r\n\r\n
        no colon | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nnonsense\r\n\r\n
        empty name | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\n: y\r\n\r\n
        8-bit byte in a name | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX\xe9: y\r\n\r\n
        Connection that is no list of tokens | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nConnection: "close"\r\n\r\n
        a head of 40 KiB | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\nX: \(y*40960)\r\n\r\n
        101 fields | UPSTREAM_MALFORMED | HTTP/1.1 200 OK\r\n\(X: y\r\n*101)\r\n
        a phrase without end | UPSTREAM_MALFORMED | HTTP/1.1 200 \(y*40960)
        """#
}
