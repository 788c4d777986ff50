//! The outbox: every act is on disk before its click resolves, and leaves only by a receipt or by its
//! author's hand.

pub mod author;
#[cfg(target_arch = "wasm32")]
pub mod disk;
pub mod entry;
pub mod lease;
pub mod queue;

#[cfg(test)]
pub(crate) mod examples {
    use domain::command::{Act, COMMAND_VERSION, Command};
    use domain::cursor::Cursor;
    use domain::id::{AccountId, CommandId, Epoch, NodeId, RoleId};
    use domain::problem::{Problem, ProblemKind};
    use domain::spool::Placement;
    use domain::time::Millis;
    use uuid::Uuid;

    use super::author::Author;

    pub(crate) fn role(n: u128) -> RoleId {
        RoleId(Uuid::from_u128(n))
    }

    pub(crate) fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(2000 + n))
    }

    pub(crate) fn author(n: u128, has: Option<u128>) -> Author {
        Author {
            account: account(n),
            role: has.map(role),
        }
    }

    /// The registration of role `by`.
    pub(crate) fn register(by: u128) -> Command {
        Command {
            act: Act::RegisterRole {
                name: "Ada".to_owned(),
                placement: Placement::Hidden,
            },
            ..join(by, by)
        }
    }

    pub(crate) fn join(by: u128, node: u128) -> Command {
        Command {
            id: CommandId(Uuid::from_u128(1000 + node)),
            v: COMMAND_VERSION,
            by: role(by),
            issued_at: Millis(1),
            act: Act::join(NodeId(Uuid::from_u128(node))),
        }
    }

    pub(crate) fn cursor(id: i64) -> Cursor {
        Cursor {
            epoch: Epoch(Uuid::from_u128(7)),
            at: Millis(id),
            id,
        }
    }

    pub(crate) fn problem(kind: ProblemKind) -> Problem {
        Problem::new(kind, "an example")
    }
}
