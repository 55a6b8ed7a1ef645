import EventLoop
import HTTP
import Reasons
import Telemetry

/// One request and its answer, and the memory that both need. A connection has one while it is active; between requests
/// it goes back to the core, which hands it to the next connection.
final class Exchange {
    /// What the client sent and nobody has consumed.
    let input = Buffer(capacityBytes: Exchange.bufferBytes)
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
    /// What the log and the metrics will say; filled in as the request goes on.
    var record = AccessLogLine()
    var requestID = RequestID()
    /// When the head had been read, on the monotonic clock.
    var startedMicroseconds: UInt64 = 0
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

    /// The size of a buffer while a long body passes: fewer and larger calls of the kernel.
    static let longBodyBufferBytes = 128 << 10

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
        judgement.reset()
        record.reset()
        if !origin.isEmpty { origin = [] }
        hasAnswered = false
        mustClose = false
        isCutOff = false
        owesContinue = false
        upload = .none
        uploadTask = nil
        uploadUpstream = nil
        upstreamHead.removeAll(keepingCapacity: true)
        if !uploadOutput.isEmpty {
            uploadOutput.removeAll(keepingCapacity: uploadOutput.capacity <= 4 * Self.bufferBytes)
        }
    }
}
