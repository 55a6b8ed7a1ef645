import Reasons
import Testing

@testable import Telemetry

@Suite("The text of /metrics")
struct PrometheusTextTests {
    static func page(_ cores: [CoreMetrics], _ process: ProcessMetrics? = nil) -> [Substring] {
        let process = process ?? ProcessMetrics(version: "1.2.3", startedUnixSeconds: 1_700_000_000, cores: 2)
        return String(decoding: PrometheusText.render(cores: cores, process: process), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test("what the cores counted is added up, and routes meet by their label")
    func sum() {
        var one = CoreMetrics(routeLabels: ["/*", "/api/*"])
        one.countRequest(.route(1), status: 200, microseconds: 300, bytesIn: 1, bytesOut: 10)
        one.countRequest(.route(1), status: 404, microseconds: 300, bytesIn: 1, bytesOut: 10)
        one.countRequest(.accounts, status: 200, microseconds: 300, bytesIn: 1, bytesOut: 10)
        one.connections.clientsActive = 2
        // Another configuration: the same route has another number.
        var other = CoreMetrics(routeLabels: ["/api/*"])
        other.countRequest(.route(0), status: 204, microseconds: 70_000_000, bytesIn: 2, bytesOut: 20)
        other.countRequest(.none, status: 0, microseconds: 0, bytesIn: 0, bytesOut: 0)
        other.connections.clientsActive = 3
        let page = Self.page([one, other])
        for line in [
            #"gatehouse_requests_total{route="/api/*",status="2xx"} 2"#,
            #"gatehouse_requests_total{route="/api/*",status="4xx"} 1"#,
            #"gatehouse_requests_total{route="/api/auth/*",status="2xx"} 1"#,
            #"gatehouse_requests_total{route="none",status="0xx"} 1"#,
            "gatehouse_request_bytes_total 5", "gatehouse_response_bytes_total 50",
            #"gatehouse_connections{side="client",state="active"} 5"#,
            #"gatehouse_request_duration_seconds_bucket{le="0.00025"} 1"#,
            #"gatehouse_request_duration_seconds_bucket{le="0.0005"} 4"#,
            #"gatehouse_request_duration_seconds_bucket{le="60.0"} 4"#,
            #"gatehouse_request_duration_seconds_bucket{le="+Inf"} 5"#,
            "gatehouse_request_duration_seconds_count 5", "gatehouse_request_duration_seconds_sum 70.0009",
        ] as [Substring] {
            #expect(page.contains(line), "\(line)")
        }
    }

    @Test("decisions, logins, refreshes and upstreams are counted by how they ended")
    func outcomes() {
        var core = CoreMetrics(routeLabels: [], upstreamNames: ["web", "api"])
        core.countDecision(nil)
        core.countDecision(.tokenExpired)
        core.countDecision(.tokenExpired)
        core.countAccounts(.login, refusal: nil)
        core.countAccounts(.login, refusal: .invalidCredentials)
        core.countAccounts(.refresh, refusal: .refreshTokenReused)
        core.countUpstream(1, .answered, microseconds: 900)
        core.countUpstream(1, .timeout)
        let page = Self.page([core])
        for line in [
            #"gatehouse_decisions_total{reason="ALLOWED"} 1"#, #"gatehouse_decisions_total{reason="TOKEN_EXPIRED"} 2"#,
            #"gatehouse_logins_total{outcome="OK"} 1"#, #"gatehouse_logins_total{outcome="INVALID_CREDENTIALS"} 1"#,
            #"gatehouse_refreshes_total{outcome="REFRESH_TOKEN_REUSED"} 1"#,
            #"gatehouse_upstream_requests_total{upstream="api",outcome="answered"} 1"#,
            #"gatehouse_upstream_requests_total{upstream="api",outcome="timeout"} 1"#,
            "gatehouse_upstream_duration_seconds_count 1",
        ] as [Substring] {
            #expect(page.contains(line), "\(line)")
        }
    }

    @Test("what belongs to the process is told as it is")
    func process() {
        var process = ProcessMetrics(version: #"1"\ "#, startedUnixSeconds: 5, cores: 2)
        #expect(Self.page([], process).contains("gatehouse_revocation_stale_seconds +Inf"))
        process.revocationStaleSeconds = 0.25
        process.logLinesDropped = 7
        process.isDatabaseUp = true
        process.pools = [.init(name: "passwords", workers: 1, queued: 3, queueMax: 64, rejected: 9)]
        let page = Self.page([], process)
        for line in [
            "gatehouse_revocation_stale_seconds 0.25", "gatehouse_log_lines_dropped_total 7", "gatehouse_database_up 1",
            #"gatehouse_pool_queue_length{pool="passwords"} 3"#, #"gatehouse_pool_queue_max{pool="passwords"} 64"#,
            #"gatehouse_pool_rejections_total{pool="passwords"} 9"#, #"gatehouse_build_info{version="1\"\\ "} 1"#,
        ] as [Substring] {
            #expect(page.contains(line), "\(line)")
        }
    }

    @Test("every line is a comment or a sample of the family announced above it, and ends with a newline")
    func grammar() throws {
        var core = CoreMetrics(routeLabels: ["a\"b\\c\nd"])
        core.countRequest(.route(0), status: 599, microseconds: .max, bytesIn: .max, bytesOut: .max)
        core.countRequest(.route(99), status: .max, microseconds: 1, bytesIn: .max, bytesOut: .max)
        var family = ""
        let sample = try Regex(#"gatehouse_[a-z_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\})? (\+Inf|[0-9.e+]+)"#)
        let lines = Self.page([core])
        #expect(lines.last == "")
        var families = Set<String>()
        for line in lines.dropLast() {
            if line.hasPrefix("# HELP ") {
                family = String(line.split(separator: " ")[2])
                #expect(families.insert(family).inserted, "\(family) is announced twice")
            } else if line.hasPrefix("# TYPE ") {
                #expect(line.split(separator: " ")[2] == family)
            } else {
                #expect(line.hasPrefix(family))
                #expect(try sample.wholeMatch(in: line) != nil, "\(line)")
            }
        }
    }
}
