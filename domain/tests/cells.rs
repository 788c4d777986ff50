//! Points and their cells on 100,000 points, as one number: `tools/check-cells` compares it with WASM's.

#![expect(
    unreachable_pub,
    dead_code,
    reason = "the example is also a program of its own"
)]

#[path = "../examples/cells.rs"]
mod example;

#[test]
fn the_digest_of_cells_is_the_known_one() {
    assert_eq!(example::digest(), example::KNOWN);
}
