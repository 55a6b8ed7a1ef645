import Config
import HTTP
import Reasons

/// A route as the pipeline uses it.
package struct CompiledRoute: Sendable {
    /// Its place in `RouteTable.routes`.
    package let index: Int
    /// `[HOST]PATH` as written: what logs and metrics show.
    package let label: String
    package let rule: Rule
    /// An index into `Configuration.upstreams`.
    package let upstreamIndex: Int
    package let acceptance: PathAcceptance
    package let stripAuthorization: Bool
    /// The `route` line.
    package let place: Place
}

/// All routes, compiled once when the configuration loads.
package struct RouteTable: Sendable {
    package let routes: [CompiledRoute]
    /// Everything that any route accepts: pass it to `CanonicalPath.init`, which then need not work on what no route
    /// would let through.
    package let acceptedAnywhere: PathAcceptance

    /// Compiles the routes of a configuration; every mistake in them goes into `problems`.
    package init(_ configuration: Configuration, problems: inout Problems) {
        routes = []
        acceptedAnywhere = []
    }

    /// The route that is in force for a request, as an index into `routes`.
    ///
    /// - Parameter host: the `Host` field as sent, with or without port.
    /// - Throws: `.noRoute`; `.ambiguousPath` when a backend could read the path as another route's;
    ///   `.methodNotImplemented` for a method that neither HTTP's common list nor the configuration names.
    package func route(
        method: borrowing Span<UInt8>, host: borrowing Span<UInt8>, path: borrowing CanonicalPath
    ) throws(Reason) -> Int {
        throw .noRoute
    }

    /// Whether a method is one of GET HEAD POST PUT PATCH DELETE OPTIONS or named by a route.
    package func knows(method: borrowing Span<UInt8>) -> Bool { false }
}
