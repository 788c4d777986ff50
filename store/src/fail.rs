//! Fail-points: named places between the steps of a write where a test stalls or ends the process.
//!
//! `WELTGEWEBE_FAIL=before_commit=abort` ends the process there, `after_lock=sleep:500#3` sleeps half a second
//! at the third passing. Without the feature `fail-points` nothing of this is compiled.

#[cfg(not(feature = "fail-points"))]
#[expect(clippy::unused_async, reason = "the other variant waits")]
pub(crate) async fn point(_name: &str) {}

#[cfg(feature = "fail-points")]
pub(crate) use armed::point;

#[cfg(feature = "fail-points")]
mod armed {
    use std::collections::BTreeMap;
    use std::sync::{LazyLock, Mutex, PoisonError};
    use std::time::Duration;

    static PASSED: LazyLock<Mutex<BTreeMap<String, u32>>> = LazyLock::new(Mutex::default);
    static ARMED: LazyLock<Vec<(String, String, Option<u32>)>> = LazyLock::new(|| {
        let armed = std::env::var("WELTGEWEBE_FAIL").unwrap_or_default();
        armed.split(',').filter_map(parse).collect()
    });

    fn parse(text: &str) -> Option<(String, String, Option<u32>)> {
        let (name, what) = text.split_once('=')?;
        let (action, passing) = match what.split_once('#') {
            Some((action, passing)) => (action, Some(passing.parse().ok()?)),
            None => (what, None),
        };
        Some((name.to_owned(), action.to_owned(), passing))
    }

    pub(crate) async fn point(name: &str) {
        for (_, action, passing) in ARMED.iter().filter(|(armed, ..)| armed == name) {
            let passed = {
                let mut all = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
                let passed = all.entry(name.to_owned()).or_default();
                *passed += 1;
                *passed
            };
            if passing.is_some_and(|wanted| wanted != passed) {
                continue;
            }
            match action.split_once(':') {
                None if action == "abort" => std::process::abort(),
                Some(("sleep", ms)) => {
                    tokio::time::sleep(Duration::from_millis(ms.parse().unwrap_or(0))).await;
                }
                _ => {}
            }
        }
    }
}
