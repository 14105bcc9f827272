//! Writes the generated half of the Swift door: `yinzheng-swift-bindgen LIBRARY FOLDER`, from the repository's root.
//! What is exported stands in the built library itself; names of modules stand in `bindings/swift/rust/uniffi.toml`.

use std::process::ExitCode;

use uniffi::{SwiftBindingsOptions, generate_swift_bindings};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, folder] = arguments.as_slice() else {
        eprintln!("usage: yinzheng-swift-bindgen LIBRARY FOLDER");
        return ExitCode::from(2);
    };
    let written = generate_swift_bindings(SwiftBindingsOptions {
        generate_swift_sources: true,
        generate_headers: true,
        source: library.into(),
        out_dir: folder.into(),
        metadata_no_deps: true,
        ..SwiftBindingsOptions::default()
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
