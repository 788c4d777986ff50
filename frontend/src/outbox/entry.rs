//! What the outbox holds: one act with its fate so far, stored as JSON text.

use domain::command::Command;
use domain::cursor::Cursor;
use domain::id::{AccountId, RoleId};
use domain::problem::Problem;
use serde::{Deserialize, Serialize};

/// The version of stored entries that this code writes. Outboxes outlive deployments: the versions before it
/// are read too. 2 notes the account; what knows only 1 would send it for anyone.
pub const ENTRY_VERSION: u16 = 2;

/// One act as it is stored; its place in the order is the key it is stored under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// [`ENTRY_VERSION`] of its writer.
    pub v: u16,
    /// The role that acts.
    pub role: RoleId,
    /// The account that wrote it; none in version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    pub command: Command,
    pub state: EntryState,
}

/// What has become of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// To be sent, or sent without an answer yet.
    Waiting,
    /// A rule said no; it keeps its text until its author changes or withdraws it.
    Refused { problem: Problem },
    /// The server can't read it; shown, never sent again.
    Aside { problem: Problem },
    /// Accepted: shown as confirmed once the live channel reaches `cursor`.
    Receipt { cursor: Cursor },
}

/// What lies under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    Act(Box<Entry>),
    /// Text of another version of this code: kept as it is, and shown as set aside.
    Unreadable(String),
}

impl Entry {
    /// A fresh act of that account.
    #[must_use]
    pub const fn new(command: Command, account: AccountId) -> Self {
        Self {
            v: ENTRY_VERSION,
            role: command.by,
            account: Some(account),
            command,
            state: EntryState::Waiting,
        }
    }

    /// Whether its effect is still shown as a prediction.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        matches!(self.state, EntryState::Waiting | EntryState::Receipt { .. })
    }
}

impl Stored {
    /// Reads what is stored; nothing is ever dropped because it can't be read.
    #[must_use]
    pub fn read(text: String) -> Self {
        match domain::json::read::<Entry>(&text) {
            Ok(entry) if entry.v <= ENTRY_VERSION => Self::Act(Box::new(entry)),
            Ok(_) | Err(_) => Self::Unreadable(text),
        }
    }

    /// The act, where it can be read.
    #[must_use]
    pub fn act(&self) -> Option<&Entry> {
        match self {
            Self::Act(entry) => Some(entry),
            Self::Unreadable(_) => None,
        }
    }

    /// The act, to be changed.
    pub fn act_mut(&mut self) -> Option<&mut Entry> {
        match self {
            Self::Act(entry) => Some(entry),
            Self::Unreadable(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{account, join, problem};
    use super::*;
    use domain::problem::ProblemKind;

    #[test]
    fn an_entry_survives_its_text_in_every_state() {
        let cursor = "00000000000000000000000000000007.1.2"
            .parse()
            .expect("a cursor");
        for state in [
            EntryState::Waiting,
            EntryState::Refused {
                problem: problem(ProblemKind::Refused),
            },
            EntryState::Aside {
                problem: problem(ProblemKind::TooLarge),
            },
            EntryState::Receipt { cursor },
        ] {
            let entry = Entry {
                state,
                ..Entry::new(join(1, 1), account(1))
            };
            let text = serde_json::to_string(&entry).expect("JSON");
            assert_eq!(Stored::read(text), Stored::Act(Box::new(entry)));
        }
    }

    #[test]
    fn an_entry_of_version_1_is_read_as_one_without_an_account() {
        let text = r#"{"v":1,"role":"00000000-0000-0000-0000-000000000001","command":{"id":"00000000-0000-0000-0000-0000000003e9","v":1,"by":"00000000-0000-0000-0000-000000000001","issued_at":1,"act":{"act":"join-node","node":"00000000-0000-0000-0000-000000000001"}},"state":"waiting"}"#;
        let stored = Stored::read(text.to_owned());
        let entry = stored.act().expect("an act");
        assert_eq!((entry.v, entry.account), (1, None));
        assert_eq!(entry.command, join(1, 1));
    }

    #[test]
    fn what_cannot_be_read_is_kept() {
        let newer = serde_json::to_string(&Entry {
            v: ENTRY_VERSION + 1,
            ..Entry::new(join(1, 1), account(1))
        })
        .expect("JSON");
        for text in ["", "{}", "nonsense", newer.as_str()] {
            assert_eq!(
                Stored::read(text.to_owned()),
                Stored::Unreadable(text.to_owned())
            );
        }
    }
}
