//! Fail-points: named places between the steps of a write where a test stalls or ends the process.
//!
//! `WELTGEWEBE_FAIL=before_commit=abort` ends the process there, `after_lock=sleep:500#3` sleeps half a second
//! at the third passing. Without the feature `fail-points` nothing of this is compiled.

#[cfg(not(feature = "fail-points"))]
pub(crate) async fn point(_name: &str) {}

#[cfg(feature = "fail-points")]
pub use armed::{arm, point};

#[cfg(feature = "fail-points")]
mod armed {
    use std::collections::BTreeMap;
    use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
    use std::time::Duration;

    static PASSED: LazyLock<Mutex<BTreeMap<String, u32>>> = LazyLock::new(Mutex::default);
    static ARMED: OnceLock<Vec<Armed>> = OnceLock::new();

    struct Armed {
        name: String,
        action: String,
        passing: Option<u32>,
    }

    /// Arms points in this process instead of by the environment, before the first is passed.
    pub fn arm(points: &str) {
        ARMED.get_or_init(|| points.split(',').filter_map(parse).collect());
    }

    fn armed() -> &'static [Armed] {
        arm(&std::env::var("WELTGEWEBE_FAIL").unwrap_or_default());
        ARMED.get().map(Vec::as_slice).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Armed> {
        let (name, what) = text.split_once('=')?;
        let (action, passing) = match what.split_once('#') {
            Some((action, passing)) => (action, Some(passing.parse().ok()?)),
            None => (what, None),
        };
        Some(Armed {
            name: name.to_owned(),
            action: action.to_owned(),
            passing,
        })
    }

    /// Does what is armed for this point.
    pub async fn point(name: &str) {
        let passed = {
            let mut all = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
            let passed = all.entry(name.to_owned()).or_default();
            *passed += 1;
            *passed
        };
        let here = |armed: &&Armed| {
            armed.name == name && armed.passing.is_none_or(|wanted| wanted == passed)
        };
        for armed in armed().iter().filter(here) {
            match armed.action.split_once(':') {
                None if armed.action == "abort" => std::process::abort(),
                Some(("sleep", ms)) => {
                    tokio::time::sleep(Duration::from_millis(ms.parse().unwrap_or(0))).await;
                }
                _ => {}
            }
        }
    }
}
