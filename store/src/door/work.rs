//! What waits at the door.

use domain::command::{Act, Command, Due};
use domain::decide::{decide, decide_due, decide_found, decide_order};
use domain::event::{Actor, Draft};
use domain::id::{AccountId, CommandId, NodeId, PictureId, RoleId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::Right;
use domain::state::{Facts, StreamId};
use domain::time::Millis;
use domain::weave::Structure;

use crate::keys::HouseKeys;

/// One thing to be decided.
#[derive(Clone, Debug)]
pub(super) enum Work {
    Act {
        command: Box<Command>,
        /// The account that gets the role which this registers.
        account: Option<AccountId>,
    },
    /// One act of the role of a source of imports.
    Import {
        command: Box<Command>,
        source: String,
    },
    /// What whoever runs the house asks for, without a role.
    Order {
        id: CommandId,
        act: Box<Act>,
        because: String,
    },
    /// One of the community's permanent knots, made where none is.
    Found {
        structure: Structure,
        /// Where it stands as long as the community names no centre.
        place: Place,
        /// That is where whoever runs the house wants it.
        is_said: bool,
    },
    Due {
        stream: StreamId,
        due_at: Millis,
        due: Due,
        cause: i64,
    },
}

impl Work {
    pub(super) fn id(&self) -> CommandId {
        match self {
            Self::Act { command, .. } | Self::Import { command, .. } => command.id,
            Self::Order { id, .. } => *id,
            Self::Found { structure, .. } => CommandId::of_structure(*structure),
            Self::Due { stream, due_at, .. } => {
                CommandId::of_deadline(&stream.to_string(), due_at.0)
            }
        }
    }

    pub(super) fn by(&self) -> Option<RoleId> {
        match self {
            Self::Act { command, .. } | Self::Import { command, .. } => Some(command.by),
            Self::Order { .. } | Self::Found { .. } | Self::Due { .. } => None,
        }
    }

    /// The vouches that will be needed, where that is asked for by who may say so.
    pub(super) fn vouches(&self, states: &dyn Facts) -> Option<u32> {
        let (act, may) = match self {
            Self::Act { command, .. } | Self::Import { command, .. } => {
                let by = states.role(command.by);
                (&command.act, by.is_some_and(|by| by.has(Right::Admin)))
            }
            Self::Order { act, .. } => (&**act, true),
            Self::Found { .. } | Self::Due { .. } => return None,
        };
        match act {
            Act::SetVouches { needed } if may => Some(*needed),
            _ => None,
        }
    }

    /// When the command says it was made.
    pub(super) fn issued_at(&self) -> Option<Millis> {
        match self {
            Self::Act { command, .. } => Some(command.issued_at),
            // Whenever it comes again it is asked anew.
            Self::Import { .. } | Self::Order { .. } | Self::Found { .. } | Self::Due { .. } => {
                None
            }
        }
    }

    pub(super) fn actor(&self) -> Actor {
        match self {
            Self::Act { command, .. } => Actor::Role { role: command.by },
            Self::Import { command, source } => Actor::Import {
                role: command.by,
                source: source.clone(),
            },
            Self::Order { because, .. } => Actor::System {
                because: because.clone(),
            },
            Self::Found { .. } => Actor::System {
                because: "start".to_owned(),
            },
            Self::Due { .. } => Actor::System {
                because: "deadline".to_owned(),
            },
        }
    }

    pub(super) fn cause(&self) -> Option<i64> {
        match self {
            Self::Act { .. } | Self::Import { .. } | Self::Order { .. } | Self::Found { .. } => {
                None
            }
            Self::Due { cause, .. } => Some(*cause),
        }
    }

    pub(super) fn reads(&self) -> Vec<StreamId> {
        match self {
            Self::Act { command, .. } | Self::Import { command, .. } => command.reads(),
            Self::Order { act, .. } => act.about(),
            Self::Found { structure, .. } => vec![
                StreamId::Community,
                StreamId::Node(NodeId::of_structure(*structure)),
            ],
            Self::Due { stream, due, .. } => {
                let mut reads = due.reads();
                reads.push(*stream);
                reads
            }
        }
    }

    /// The picture that it shows, which has to be kept.
    pub(super) fn picture(&self) -> Option<PictureId> {
        match self {
            Self::Act { command, .. } | Self::Import { command, .. } => command.act.picture(),
            Self::Order { .. } | Self::Found { .. } | Self::Due { .. } => None,
        }
    }

    pub(super) fn decide(&self, facts: &dyn Facts, now: Millis) -> Result<Vec<Draft>, Refusal> {
        match self {
            Self::Act { command, .. } | Self::Import { command, .. } => decide(facts, command, now),
            Self::Order { act, .. } => decide_order(facts, act),
            Self::Found {
                structure,
                place,
                is_said,
            } => Ok(decide_found(facts, *structure, *place, *is_said)),
            Self::Due { due, .. } => Ok(decide_due(facts, due, now)),
        }
    }

    /// Over role and command: the same id with another content is found out by it.
    pub(super) fn hash(&self, keys: &HouseKeys) -> Vec<u8> {
        match self {
            Self::Act { command, .. } => {
                // A command is made of text and numbers: it always has a JSON form.
                let json = serde_json::to_vec(command).unwrap_or_default();
                keys.receipt_hash(&[command.by.0.as_bytes(), &json])
            }
            // Not when it was issued: an import that is started again makes the same command.
            Self::Import { command, source } => {
                let act = serde_json::to_vec(&command.act).unwrap_or_default();
                keys.receipt_hash(&[b"import", command.by.0.as_bytes(), source.as_bytes(), &act])
            }
            Self::Order { act, because, .. } => {
                let act = serde_json::to_vec(act).unwrap_or_default();
                keys.receipt_hash(&[b"order", because.as_bytes(), &act])
            }
            // The id says it all: where another instance would have it stand is no other content.
            Self::Found { .. } => keys.receipt_hash(&[b"found", self.id().0.as_bytes()]),
            Self::Due { .. } => keys.receipt_hash(&[b"deadline", self.id().0.as_bytes()]),
        }
    }
}
