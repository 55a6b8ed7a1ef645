/// The parameters of a statement as libpq takes them: pointers into one buffer, lengths, formats.
struct PostgresParameters {
    private var buffer: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [Value]) {
        for value in values {
            switch value {
            case .null:
                append(nil, format: 0)
            case .integer(let integer):
                append(Array(String(integer).utf8), format: 0)
            case .text(let text):
                append(Array(text.utf8), format: 0)
            case .bytes(let bytes):
                append(bytes, format: 1)
            }
        }
    }

    /// In format 0 libpq reads up to a NUL; in format 1, as many bytes as the length says.
    private mutating func append(_ bytes: [UInt8]?, format: Int32) {
        offsets.append(bytes.map { _ in buffer.count })
        lengths.append(Int32(clamping: bytes?.count ?? 0))
        formats.append(format)
        buffer += bytes ?? []
        buffer.append(0)
    }

    /// The pointers are good until `body` returns.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        // libpq wants an address even of no parameters.
        let offsets = offsets + [nil]
        return unsafe buffer.withUnsafeBytes { bytes in
            let pointers = unsafe offsets.map { offset in
                unsafe offset.flatMap { offset in
                    unsafe bytes.baseAddress.map { unsafe ($0 + offset).assumingMemoryBound(to: CChar.self) }
                }
            }
            return unsafe pointers.withUnsafeBufferPointer { pointers in
                unsafe (lengths + [0]).withUnsafeBufferPointer { lengths in
                    unsafe (formats + [0]).withUnsafeBufferPointer { formats in
                        // None is empty, so each has an address.
                        unsafe body(
                            pointers.baseAddress.unsafelyUnwrapped, lengths.baseAddress.unsafelyUnwrapped,
                            formats.baseAddress.unsafelyUnwrapped)
                    }
                }
            }
        }
    }
}
