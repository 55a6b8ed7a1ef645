import Telemetry

/// `/status`: the gateway at a glance, for people. Everything on it is a number or a word of ours; the details are in
/// `/metrics`.
struct StatusPage {
    let cores: [CoreMetrics]
    let process: ProcessMetrics
    let isReady: Bool

    var html: String {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>gatehouse</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:40rem;padding:0 1rem}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #ddd}
        td:last-child{text-align:right;font-variant-numeric:tabular-nums}</style></head>
        <body><h1>gatehouse \(process.version)</h1><table>\(rows)</table></body></html>

        """
    }

    private var rows: String {
        let sum = cores.dropFirst().reduce(into: cores.first ?? CoreMetrics(routeLabels: [])) { $0 += $1 }
        var rows: [(String, String)] = [
            ("State", process.isDraining ? "draining" : isReady ? "ready" : "starting"),
            ("Database", process.isDatabaseUp ? "up" : "down"),
            ("Cores", "\(process.cores)"),
            ("Client connections, active", "\(sum.connections.clientsActive)"),
            ("Client connections, idle", "\(sum.connections.clientsIdle)"),
            ("Upstream connections, active", "\(sum.connections.upstreamsActive)"),
            ("Upstream connections, idle", "\(sum.connections.upstreamsIdle)"),
            ("Revocations in force", "\(process.revocationsHeld)"),
            ("Revocations read, seconds ago", process.revocationStaleSeconds.map { "\($0)" } ?? "never"),
            ("Access log lines dropped", "\(process.logLinesDropped)"),
        ]
        for pool in process.pools {
            rows.append(("Pool \(pool.name), waiting of \(pool.queueMax)", "\(pool.queued)"))
            rows.append(("Pool \(pool.name), refused since the start", "\(pool.rejected)"))
        }
        return rows.map { "<tr><td>\($0)</td><td>\($1)</td></tr>" }.joined()
    }
}
