//! Gives the shared library its lasting name.

fn main() {
    let version =
        |part: &str| std::env::var(format!("CARGO_PKG_VERSION_{part}")).unwrap_or_default();
    // As long as the major version is 0, every minor version may change the ABI.
    let name = match (version("MAJOR"), version("MINOR")) {
        (major, minor) if major == "0" => format!("0.{minor}"),
        (major, _) => major,
    };
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos" | "ios") => {
            println!(
                "cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libyinzheng.{name}.dylib"
            );
        }
        Ok("linux" | "android" | "freebsd") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libyinzheng.so.{name}");
        }
        _ => {}
    }
    println!("cargo:rerun-if-changed=build.rs");
}
