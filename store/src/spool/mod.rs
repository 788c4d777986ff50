//! The private side of people: accounts, signing in by a letter, sessions, the letters themselves. An account
//! is not a role: e-mail and sessions belong to the account, and it has at most one role. And what roles say of themselves, and where
//! they stand.

pub(crate) mod community;
mod email;
mod letters;
mod logins;
pub(crate) mod profiles;
mod recent;
mod sessions;
pub(crate) mod standings;

pub use community::community;
pub use email::{EmailInvalid, email};
pub use letters::{Letter, MAILS_KEPT_MS, TAKEN_FOR_MS, claim_letters, letter_done, mailbox};
pub use logins::{
    ASKED_PER_EMAIL_MAX, AskError, Asker, CODE_TRIES_MAX, LOGIN_LASTS_MS, LOGINS_KEPT_MS, ask,
    consume_code, consume_token,
};
pub(crate) use recent::RecentSessions;
pub(crate) use sessions::CHANNEL as SESSIONS_ENDED;
pub use sessions::{SESSION_LASTS_MS, Session, SessionKey, end_session, random_token, session};
