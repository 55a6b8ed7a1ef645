import HTTP
import Reasons

/// What came of parsing some bytes.
enum Verdict: Equatable {
    case incomplete
    case complete(Int)
    case refused(Reason)

    var isComplete: Bool {
        if case .complete = self { return true }
        return false
    }
}

extension RequestHead {
    /// Feeds `wire` up to each of `cuts` in turn, then whole; stops at the first verdict.
    static func verdict(_ wire: [UInt8], cuts: some Sequence<Int> = [], limits: HeadLimits = HeadLimits()) -> Verdict {
        var head = RequestHead()
        for cut in Array(cuts) + [wire.count] {
            let verdict = head.feed(wire[..<cut], limits)
            if verdict != .incomplete { return verdict }
        }
        return .incomplete
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ limits: HeadLimits = HeadLimits()) -> Verdict {
        do throws(Reason) {
            switch try parse(bytes.span, limits: limits) {
            case .incomplete: return .incomplete
            case .complete(let headBytes): return .complete(headBytes)
            }
        } catch {
            return .refused(error)
        }
    }
}

extension ResponseHead {
    static func verdict(_ wire: [UInt8], cuts: some Sequence<Int> = [], isAnswerToHEAD: Bool = false) -> Verdict {
        var head = ResponseHead()
        for cut in Array(cuts) + [wire.count] {
            let verdict = head.feed(wire[..<cut], isAnswerToHEAD: isAnswerToHEAD)
            if verdict != .incomplete { return verdict }
        }
        return .incomplete
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>, isAnswerToHEAD: Bool = false) -> Verdict {
        do throws(Reason) {
            switch try parse(bytes.span, limits: HeadLimits(), isAnswerToHEAD: isAnswerToHEAD) {
            case .incomplete: return .incomplete
            case .complete(let headBytes): return .complete(headBytes)
            }
        } catch {
            return .refused(error)
        }
    }
}
