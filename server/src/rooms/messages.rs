//! What the tasks of the live channel tell each other.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::cursor::Cursor;
use domain::id::RoleId;
use domain::view::Me;
use domain::wire::{CloseCode, RoomWish};
use live::{ClientId, Touch};
use store::spool::SessionKey;
use tokio::sync::oneshot;

use super::told::Teller;

/// What the hub task is asked and told.
#[derive(Debug)]
pub(super) enum Ask {
    Connect(Box<Connect>),
    Wish {
        client: ClientId,
        n: u32,
        rooms: Vec<RoomWish>,
    },
    Ping {
        client: ClientId,
    },
    /// A message of so many bytes was sent.
    Taken {
        client: ClientId,
        bytes: usize,
    },
    Disconnect {
        client: ClientId,
    },
    /// Events of the log, all of them in the read models.
    Followed(Followed),
    /// A role's facts, read after they may have changed.
    Me {
        role: RoleId,
        me: Option<Box<Me>>,
    },
    SignOut {
        session: SessionKey,
    },
}

/// A new connection.
#[derive(Debug)]
pub(super) struct Connect {
    pub(super) session: Option<SessionKey>,
    pub(super) role: Option<RoleId>,
    pub(super) me: Option<Box<Me>>,
    /// What `me` includes at least.
    pub(super) me_at: Cursor,
    pub(super) to: Teller,
    pub(super) answer: oneshot::Sender<Result<ClientId, CloseCode>>,
}

/// What a socket is told.
#[derive(Clone, Debug)]
pub(super) enum Tell {
    Text(Arc<str>),
    Close(CloseCode),
}

/// A batch of events, as what they change.
#[derive(Debug, Default)]
pub(super) struct Followed {
    pub(super) events: Vec<(Cursor, Vec<Touch>)>,
    /// Roles whose own facts changed.
    pub(super) roles: BTreeSet<RoleId>,
}
