import EventLoop
import HTTP
import Reasons

/// A request's body, as far as it has come: what the task that serves the request and the one that uploads its body share.
final class RequestBody {
    /// The exchange's: the body follows the head in it. While an upload runs it is the uploading task's alone.
    let input: Buffer
    private(set) var framing = BodyFraming.none
    var decoder = BodyDecoder(.none)
    /// Bytes of it that have come.
    var bytesReceived: UInt64 = 0
    /// Where the next request would begin is unknown.
    var endsConnection = false

    var upload = Upload.none
    /// While it is uploaded: the task, where it goes, and how long the upstream may take nothing.
    var task: Task<Void, Never>?
    var upstream: UpstreamConnection?
    var stall: Milliseconds = 0
    /// Framed pieces on their way to the upstream.
    var output: [UInt8] = []

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

    init(_ input: Buffer) { self.input = input }

    var isComplete: Bool { decoder.isComplete }

    /// Makes the value ready for the next request.
    func reset() {
        begin(.none)
        bytesReceived = 0
        endsConnection = false
        upload = .none
        task = nil
        upstream = nil
    }

    /// A head has been read that says how the body ends.
    func begin(_ framing: BodyFraming) {
        self.framing = framing
        decoder = BodyDecoder(framing)
    }
}
