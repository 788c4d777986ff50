//! Sessions that were looked up a moment ago. Whoever acts a lot is asked for at every act, and the same answer holds:
//! a role, once it is bound to an account, stays bound.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::time::Millis;

use super::sessions::Session;

/// How long an answer is taken for the present one. A session that ends is forgotten at once on the instance where it
/// ends, and by NOTIFY on the others; this bounds what a lost notification can do.
const TAKEN_FOR: Duration = Duration::from_secs(2);
/// Sessions remembered; at the bound all are forgotten and read anew.
const KEPT_MAX: usize = 10_000;

/// What a token is known by.
pub(super) type TokenHash = Vec<u8>;

/// The sessions that this process has at hand.
#[derive(Default)]
pub(crate) struct RecentSessions(Mutex<Recent>);

#[derive(Default)]
struct Recent {
    known: BTreeMap<TokenHash, Known>,
    /// Counts what was forgotten, so that an answer from before is not remembered after.
    forgotten: u64,
}

struct Known {
    session: Session,
    expires_at: Millis,
    /// The store's clock, which tests move, and one that nobody moves.
    at: Millis,
    since: Instant,
}

impl RecentSessions {
    /// The session, if it was looked up a moment ago; else what [`RecentSessions::remember`] has to be told.
    pub(super) fn get(&self, token: &TokenHash, now: Millis) -> Result<Session, u64> {
        let recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken_for_ms = TAKEN_FOR.as_millis() as i64;
        recent
            .known
            .get(token)
            .filter(|known| (0..taken_for_ms).contains(&(now - known.at)))
            .filter(|known| known.since.elapsed() < TAKEN_FOR && now < known.expires_at)
            .map(|known| known.session.clone())
            .ok_or(recent.forgotten)
    }

    /// Remembers what was read, unless something was forgotten since `asked`. An account without a role is about to get
    /// one: it is read each time.
    pub(super) fn remember(
        &self,
        token: TokenHash,
        (session, expires_at): (&Session, Millis),
        now: Millis,
        asked: u64,
    ) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if session.role.is_none() || recent.forgotten != asked {
            return;
        }
        if recent.known.len() >= KEPT_MAX {
            recent.known.clear();
        }
        let known = Known {
            session: session.clone(),
            expires_at,
            at: now,
            since: Instant::now(),
        };
        recent.known.insert(token, known);
    }

    /// Forgets a session that has ended.
    pub(crate) fn forget(&self, token: &[u8]) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.known.remove(token);
        recent.forgotten += 1;
    }

    /// Forgets all: notifications may have been lost.
    pub(crate) fn forget_all(&self) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.known.clear();
        recent.forgotten += 1;
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{AccountId, RoleId};
    use uuid::Uuid;

    use super::*;

    const TOKEN: [u8; 1] = [7];
    const LATER: Millis = Millis(1_000_000);

    fn session(role: Option<RoleId>) -> Session {
        Session {
            account: AccountId(Uuid::nil()),
            email: "a@weben.test".to_owned(),
            role,
        }
    }

    fn anna() -> Session {
        session(Some(RoleId(Uuid::nil())))
    }

    #[test]
    fn an_answer_holds_for_a_moment() {
        let recent = RecentSessions::default();
        let asked = recent.get(&TOKEN.to_vec(), Millis(0)).expect_err("unknown");
        recent.remember(TOKEN.to_vec(), (&anna(), LATER), Millis(0), asked);
        assert_eq!(recent.get(&TOKEN.to_vec(), Millis(1999)), Ok(anna()));
        assert!(
            recent.get(&TOKEN.to_vec(), Millis(2000)).is_err(),
            "it is old"
        );
        assert!(
            recent.get(&TOKEN.to_vec(), Millis(-1)).is_err(),
            "time went back"
        );
    }

    #[test]
    fn it_does_not_outlive_the_session() {
        let recent = RecentSessions::default();
        recent.remember(TOKEN.to_vec(), (&anna(), Millis(5)), Millis(0), 0);
        assert!(recent.get(&TOKEN.to_vec(), Millis(4)).is_ok());
        assert!(recent.get(&TOKEN.to_vec(), Millis(5)).is_err());
    }

    #[test]
    fn what_ended_while_it_was_read_is_not_remembered() {
        let recent = RecentSessions::default();
        let asked = recent.get(&TOKEN.to_vec(), Millis(0)).expect_err("unknown");
        recent.forget(&TOKEN);
        recent.remember(TOKEN.to_vec(), (&anna(), LATER), Millis(0), asked);
        assert!(recent.get(&TOKEN.to_vec(), Millis(0)).is_err());
    }

    #[test]
    fn one_without_a_role_is_read_each_time() {
        let recent = RecentSessions::default();
        let asked = recent.get(&TOKEN.to_vec(), Millis(0)).expect_err("unknown");
        recent.remember(TOKEN.to_vec(), (&session(None), LATER), Millis(0), asked);
        assert!(recent.get(&TOKEN.to_vec(), Millis(0)).is_err());
    }

    #[test]
    fn no_more_than_the_bound_are_kept() {
        let recent = RecentSessions::default();
        for number in 0..=KEPT_MAX {
            let token = number.to_be_bytes().to_vec();
            recent.remember(token, (&anna(), LATER), Millis(0), 0);
        }
        let kept = recent.0.lock().expect("nobody panics with it").known.len();
        assert_eq!(kept, 1);
    }
}
