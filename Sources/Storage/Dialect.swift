/// The few words in which the two databases differ. Statements are written once, with these words in braces, and rendered
/// when they are prepared.
///
/// | word | meaning |
/// |---|---|
/// | `{now}` | the database's clock in unix milliseconds, the same within one statement |
/// | `{concat}` | the aggregate that joins text |
/// | `{tables}` | a table expression with the `name` of every table in the schema |
/// | `{text} {integer} {bytes}` | column types; text sorts by its bytes, whatever the locale |
/// | `{identity}` | type and constraint of a key that the database numbers upwards |
/// | `{ring}` | tells every connection that listens, once the transaction is committed |
/// | `{strict}` | after a table: values of another type than the column's are refused |
enum Dialect: Sendable {
    case sqlite
    case postgres

    func render(_ sql: String) -> String {
        var rendered = ""
        var rest = sql[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            rendered += rest[..<open]
            rendered += word(rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
        }
        return rendered + rest
    }

    private func word(_ name: Substring) -> String {
        switch (name, self) {
        // statement_timestamp, not now(): now() stands still for the whole transaction. Not clock_timestamp() either, which
        // is volatile and so keeps an index from being used.
        case ("now", .postgres): "(extract(epoch FROM statement_timestamp()) * 1000)::bigint"
        case ("now", .sqlite): "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"
        case ("concat", .postgres): "string_agg"
        case ("concat", .sqlite): "group_concat"
        case ("tables", .postgres):
            "(SELECT tablename AS name FROM pg_tables WHERE schemaname = ANY (current_schemas(false))) AS tables"
        case ("tables", .sqlite): "(SELECT name FROM sqlite_master WHERE type = 'table') AS tables"
        case ("text", .postgres): #"TEXT COLLATE "C""#
        case ("text", .sqlite): "TEXT"
        case ("integer", .postgres): "BIGINT"
        case ("integer", .sqlite): "INTEGER"
        case ("bytes", .postgres): "BYTEA"
        case ("bytes", .sqlite): "BLOB"
        case ("identity", .postgres): "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        case ("identity", .sqlite): "INTEGER PRIMARY KEY AUTOINCREMENT"
        case ("ring", .postgres): "CAST(pg_notify('\(ChangeBell.channel)', '') AS text)"
        case ("ring", .sqlite): "0"
        case ("strict", .postgres): ""
        case ("strict", .sqlite): "STRICT"
        default: "{\(name)}"
        }
    }
}
