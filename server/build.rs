//! The release binary carries its site files: tells the embedder where they lie and watches the folder.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-env-changed=WELTGEWEBE_SITE");
    let site = env::var_os("WELTGEWEBE_SITE")
        .map(PathBuf::from)
        .filter(|folder| folder.is_dir());
    let site = site.unwrap_or_else(|| {
        // A build without a client (checks, tests of the API) carries an empty site.
        let empty = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("site");
        fs::create_dir_all(&empty).expect("OUT_DIR can be written");
        empty
    });
    println!("cargo:rerun-if-changed={}", site.display());
    println!(
        "cargo:rustc-env=WELTGEWEBE_SITE_EMBEDDED={}",
        site.display()
    );
}
