/// How much of a head is read before it is refused. The defaults are those of `sizes` in gateway.conf.
package struct HeadLimits: Sendable, Equatable {
    /// The longest head, from its first byte to the end of the empty line; a longer one is `.headTooLarge`.
    package var headBytesMax = 32 << 10
    /// The longest request target; a longer one is `.targetTooLong`.
    package var targetBytesMax = 8 << 10
    /// The most field lines; one more is `.headTooLarge`.
    package var fieldsMax = 100

    package init() {}
}

/// How far a head has been read.
package enum HeadProgress: Sendable, Equatable {
    /// Nothing is wrong so far; call again with the same bytes and more behind them.
    case incomplete
    /// The head is whole and valid, and is this many bytes long, from the start of the buffer; what follows is body.
    case complete(headBytes: Int)
}
