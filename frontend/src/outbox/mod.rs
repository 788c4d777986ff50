//! The outbox: every act is on disk before its click resolves, and leaves only by a receipt or by its
//! author's hand.

#[cfg(target_arch = "wasm32")]
pub mod disk;
pub mod entry;
pub mod lease;
pub mod queue;

#[cfg(test)]
pub(crate) mod examples {
    use domain::command::{Act, COMMAND_VERSION, Command};
    use domain::cursor::Cursor;
    use domain::id::{CommandId, Epoch, NodeId, RoleId};
    use domain::problem::{Problem, ProblemKind};
    use domain::time::Millis;
    use uuid::Uuid;

    pub(crate) fn role(n: u128) -> RoleId {
        RoleId(Uuid::from_u128(n))
    }

    pub(crate) fn join(by: u128, node: u128) -> Command {
        Command {
            id: CommandId(Uuid::from_u128(1000 + node)),
            v: COMMAND_VERSION,
            by: role(by),
            issued_at: Millis(1),
            act: Act::JoinNode {
                node: NodeId(Uuid::from_u128(node)),
            },
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
