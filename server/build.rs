//! The release binary carries its site files: tells the embedder where they lie and watches the folder.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-env-changed=WELTGEWEBE_SITE");
    let site = env::var_os("WELTGEWEBE_SITE").map_or_else(
        || PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("site"),
        PathBuf::from,
    );
    // A build before the client's (checks, tests of the API) carries an empty site. The folder is made all the same: of one
    // that is not there cargo would not notice that it was filled later.
    fs::create_dir_all(&site).expect("the site folder can be made");
    println!("cargo:rerun-if-changed={}", site.display());
    println!(
        "cargo:rustc-env=WELTGEWEBE_SITE_EMBEDDED={}",
        site.display()
    );
}
