//! All that speaks HTTP. The routes stand in [`router`]; a handler extracts, calls, maps.

mod about;
mod basemap;
mod cells;
mod commands;
mod conditional;
mod events;
mod guide;
mod health;
mod history;
mod host;
mod in_words;
mod language;
mod letter;
mod limits;
mod mailbox;
mod messages;
mod openapi;
mod page;
mod picture;
mod problem;
mod router;
mod sent;
mod session;
mod share;
mod sign_in;
mod site;
mod trust;
mod visitor;
mod web;

pub use letter::{Letters, Mailer, MailerError};
pub use limits::Limits;
pub use mailbox::MailboxKey;
pub use picture::Pictures;
pub use router::router;
pub use trust::router as trust_router;
pub use web::Web;
