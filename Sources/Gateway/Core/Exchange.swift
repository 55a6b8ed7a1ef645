import EventLoop
import HTTP
import Reasons

/// One request and its answer, and the memory that both need. A connection has one while it is active; between requests
/// it goes back to the core, which hands it to the next connection.
final class Exchange {
    /// What the client sent and nobody has consumed.
    let input = Buffer(capacityBytes: Exchange.bufferBytes)
    /// What goes to the client: a head, small bodies, framed pieces.
    var output: [UInt8] = []
    /// The request as the upstream gets it; kept whole so that it can be sent once more.
    var upstreamHead: [UInt8] = []
    /// Framed pieces of the request's body on their way to the upstream.
    var uploadOutput: [UInt8] = []

    var head = RequestHead()
    /// The head's length; its bytes stay at the front of `input` until the upstream's head has been built.
    var headBytes = 0
    var body = BodyDecoder(.none)
    var judgement = Judgement()
    /// The `Origin` lines.
    var origin: [[UInt8]] = []
    var record = RequestRecord()
    /// An answer's head or more has gone to the client: a refusal can no longer be sent.
    var hasAnswered = false
    /// The connection cannot carry another request.
    var mustClose = false
    /// The answer that has begun cannot be completed, and the client must see that.
    var isCutOff = false
    /// The client still waits for `100 Continue`.
    var owesContinue = false
    var upload = Upload.none
    /// While a body is uploaded: the task, where it goes, and how long the upstream may take nothing.
    var uploadTask: Task<Void, Never>?
    var uploadUpstream: UpstreamConnection?
    var uploadStall: Milliseconds = 0

    /// The size of every buffer. Two of them and a half are what an active request costs.
    static let bufferBytes = 16 << 10

    enum Upload {
        case none
        case running
        case done
        /// The request's body ended badly; the reason is the client's fault.
        case refused(Reason)
        /// The client is gone.
        case abandoned
        /// The upstream takes no more of the body. It may have answered all the same.
        case rejected
    }

    func prepare() {
        head.reset()
        headBytes = 0
        body = BodyDecoder(.none)
        judgement = Judgement()
        origin = []
        hasAnswered = false
        mustClose = false
        isCutOff = false
        owesContinue = false
        upload = .none
        uploadTask = nil
        uploadUpstream = nil
        output.removeAll(keepingCapacity: output.capacity <= 4 * Self.bufferBytes)
        upstreamHead.removeAll(keepingCapacity: true)
        uploadOutput.removeAll(keepingCapacity: uploadOutput.capacity <= 4 * Self.bufferBytes)
    }

    /// Whether what the buffers have grown to is worth keeping for the next connection.
    var isReusable: Bool { input.capacityBytes == Self.bufferBytes && output.capacity <= 4 * Self.bufferBytes }
}

/// What the log and the metrics will say about a request; filled in as it goes on.
struct RequestRecord {
    var requestID = ""
    var client = ""
    var method: [UInt8] = []
    var path: [UInt8] = []
    var status: UInt16 = 0
    var reason: Reason?
    var user = ""
    var session = ""
    var upstream = ""
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    /// When the head had been read, on the wall clock: for the token's dates and for the log.
    var unixMilliseconds: Int64 = 0
    /// The same moment on the monotonic clock.
    var startedMicroseconds: UInt64 = 0
    var upstreamMicroseconds: UInt64?
    var userAgent: [UInt8] = []
    var referer: [UInt8] = []
}
