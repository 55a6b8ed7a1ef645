/// The version of this program, as `gatehouse version` and `gatehouse_build_info` tell it.
package enum Version {
    package static let text = "0.1.0"
}
