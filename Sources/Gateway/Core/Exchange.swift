import EventLoop
import HTTP
import Reasons
import Telemetry

/// One request and its answer, and the memory that both need. The task that serves a connection owns one; afterwards it
/// goes back to the core, which hands it to the next connection.
///
/// It cannot be copied, and it is lent down the calls: nothing on the way of a request counts references to it or asks
/// whether somebody else is changing it.
struct Exchange: ~Copyable {
    /// What the client sent and nobody has consumed.
    let input: Buffer
    /// The request's body, which may go to the upstream in a task of its own.
    let body: RequestBody
    /// The request as the upstream gets it; kept whole so that it can be sent once more.
    var upstreamHead: [UInt8] = []

    var head = RequestHead()
    /// The head's length; its bytes stay at the front of `input` until the upstream's head has been built.
    var headBytes = 0
    var judgement = Judgement()
    /// Where the gate decided, for a request with the secret of `debug-header`; empty for all others.
    var decidedAt = ""
    /// What the upstream sent and nobody has consumed. Nothing is left in it from one request to the next.
    let answerInput = Buffer(capacityBytes: Self.bufferBytes)
    /// The upstream's answer.
    var answer = ResponseHead()
    /// The length of its head, whose bytes are at the front of `answerInput` until it has been passed on.
    var answerBytes = 0
    /// The `Origin` lines.
    var origin: [[UInt8]] = []
    /// What the log and the metrics will say; filled in as the request goes on.
    var record = AccessLogLine()
    var requestID = RequestID()
    /// When the head had been read, on the monotonic clock.
    var startedMicroseconds: UInt64 = 0
    /// An answer's head or more has gone to the client: a refusal can no longer be sent.
    var hasAnswered = false
    /// The connection cannot carry another request, for a reason that the body does not know.
    private var endsConnection = false
    /// The answer that has begun cannot be completed, and the client must see that.
    var isCutOff = false
    /// The client still waits for `100 Continue`.
    var owesContinue = false

    /// The size of every buffer. Two of them and a half are what an active request costs.
    static let bufferBytes = 16 << 10

    /// The size of a buffer while a long body passes: fewer and larger calls of the kernel.
    static let longBodyBufferBytes = 128 << 10

    init() {
        input = Buffer(capacityBytes: Self.bufferBytes)
        body = RequestBody(input)
    }

    /// The connection cannot carry another request.
    var mustClose: Bool {
        get { endsConnection || body.endsConnection }
        set { endsConnection = newValue }
    }

    mutating func prepare() {
        head.reset()
        headBytes = 0
        body.reset()
        judgement.reset()
        record.reset()
        if !origin.isEmpty { origin = [] }
        if !decidedAt.isEmpty { decidedAt = "" }
        hasAnswered = false
        endsConnection = false
        isCutOff = false
        owesContinue = false
        upstreamHead.removeAll(keepingCapacity: true)
        answerInput.removeAll()
        answerInput.resize(capacityBytes: Self.bufferBytes)
    }
}
