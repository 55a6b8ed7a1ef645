import Encoding
import Policy
import Telemetry

/// `/shadow`: the `shadow` lines in force, with what was counted for each.
struct ShadowReport {
    private let routes: [CompiledRoute]
    private let counts: ShadowMetrics

    init(_ routes: [CompiledRoute], _ cores: [CoreMetrics]) {
        self.routes = routes
        var sum = CoreMetrics(routeLabels: [])
        for core in cores { sum += core }
        counts = sum.shadows
    }

    var json: [UInt8] {
        var answer = JSONWriter()
        answer.beginObject()
        answer.key("shadows")
        answer.beginArray()
        for route in routes {
            answer.beginObject()
            answer.member("route", route.name)
            answer.member("rule", route.ruleText)
            answer.member("file", route.place.file)
            answer.member("line", Int64(route.place.line))
            let line = ShadowMetrics.Line(route: route.name, rule: route.ruleText)
            for (outcome, count) in counts.counted(line) { answer.member("\(outcome)", Int64(clamping: count)) }
            answer.endObject()
        }
        answer.endArray()
        answer.endObject()
        return answer.finish()
    }
}
