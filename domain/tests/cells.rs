//! Points and their cells on 100,000 points, as one number: `tools/check-cells` compares it with WASM's.

#![expect(
    unreachable_pub,
    dead_code,
    reason = "the digest is also a program of its own"
)]

#[path = "../src/bin/cells.rs"]
mod program;

#[test]
fn the_digest_of_cells_is_the_known_one() {
    assert_eq!(program::digest(), program::KNOWN);
}
