//! One reader of outside bytes under libFuzzer: the one that `WELTGEWEBE_FUZZ` names. They stand in
//! `server/tests/fuzz/targets.rs`, where the kept corpus is replayed with every run of the tests.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../server/tests/fuzz/targets.rs"]
mod targets;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = std::env::var("WELTGEWEBE_FUZZ").unwrap_or_default();
    let found = targets::TARGETS.iter().find(|(name, _)| *name == wanted);
    found.expect("WELTGEWEBE_FUZZ names one of TARGETS").1
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
