//! Messages of the live channel (`/ws`, subprotocol [`SUBPROTOCOL`]) as JSON text, and how long a
//! client waits before it tries again. `docs/protocol.md` describes all of it for other clients.

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::cursor::Cursor;
use crate::id::{AccountId, CommandId, Epoch, NodeId};
use crate::place::Cell;
use crate::time::Millis;
use crate::view::{CellView, Me, Patch};

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "weltgewebe.v1";
/// The protocol version in hello.
pub const PROTOCOL_VERSION: u16 = 1;
/// Time between two batches of changes, in milliseconds.
pub const TICK_MS: u32 = 2000;
/// A client that has said nothing for so long is gone, in milliseconds.
pub const SILENCE_MS: u32 = 30_000;
/// How often a client says something at least, in milliseconds.
pub const PING_EVERY_MS: u32 = 12_000;
/// Conversations that one connection listens to at once, beside its cells.
pub const TALKS_MAX: usize = 4;
/// Bytes of one message from a client.
pub const CLIENT_MESSAGE_MAX: usize = 16 * 1024;
/// Bytes of the body of a command.
pub const COMMAND_MAX: usize = 32 * 1024;

/// The body of `POST /api/commands`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submission {
    pub command: Command,
    /// Whose act it is, where its sender noted that: a session of another account does not submit it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

/// The answer to an accepted command, the same whenever it is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    pub command: CommandId,
    /// The position of its last event: what is read from there on includes the act.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub cursor: Cursor,
}

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "t"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum ClientMessage {
    /// The rooms it wants to hold from now on, all of them, each with the cursor its state has.
    Rooms {
        /// The client's number for this wish, greater than the last one's.
        n: u32,
        rooms: Vec<RoomWish>,
    },
    Ping,
}

crate::json::tagged!(ClientMessage, "t");

/// What one can listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomId {
    /// What lies in a cell.
    Cell(Cell),
    /// What is said at a knot.
    Talk(NodeId),
}

impl RoomId {
    /// The cell, where it is the room of one.
    #[must_use]
    pub const fn cell(self) -> Option<Cell> {
        match self {
            Self::Cell(cell) => Some(cell),
            Self::Talk(_) => None,
        }
    }
}

impl From<Cell> for RoomId {
    fn from(cell: Cell) -> Self {
        Self::Cell(cell)
    }
}

/// One room wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomWish {
    #[serde(flatten)]
    pub room: RoomId,
    /// The position of the state held; none: the whole state is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "t"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum ServerMessage {
    /// First on every connection.
    Hello {
        v: u16,
        epoch: Epoch,
        cursor: Cursor,
        now: Millis,
        me: Option<Me>,
    },
    /// One's own role changed.
    Me { me: Option<Me> },
    /// All changed rooms of this client in one message; the connection is at `cursor` after it.
    Rooms {
        cursor: Cursor,
        /// The last wish heard before this was made: what it says of a room that was wished later is of an
        /// earlier wish, and to be ignored.
        n: u32,
        rooms: Vec<RoomFrame>,
    },
    /// Also unasked, when `away` changes.
    Pong {
        cursor: Cursor,
        now: Millis,
        /// The server does not hear its database: what is shown may not be the newest, and nothing can be done.
        #[serde(default, skip_serializing_if = "is_false")]
        away: bool,
    },
}

crate::json::tagged!(ServerMessage, "t");

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}

/// The news of one room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FlatFrame")]
pub struct RoomFrame {
    #[serde(flatten)]
    pub room: RoomId,
    #[serde(flatten)]
    pub news: RoomNews,
}

/// A frame as it is written. Read field by field: what serde flattens it reads twice, and the client carries the code for that.
#[derive(Deserialize)]
struct FlatFrame {
    cell: Option<Cell>,
    talk: Option<NodeId>,
    full: Option<CellView>,
    patch: Option<Patch>,
}

impl TryFrom<FlatFrame> for RoomFrame {
    type Error = &'static str;

    fn try_from(flat: FlatFrame) -> Result<Self, Self::Error> {
        let room = match (flat.cell, flat.talk) {
            (Some(cell), None) => RoomId::Cell(cell),
            (None, Some(node)) => RoomId::Talk(node),
            _ => return Err("a frame is of one room"),
        };
        let news = match (flat.full, flat.patch) {
            (Some(full), None) => RoomNews::Full(full),
            (None, Some(patch)) => RoomNews::Patch(patch),
            _ => return Err("a frame has either everything or what changed"),
        };
        Ok(Self { room, news })
    }
}

/// Either what changed or everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomNews {
    Full(CellView),
    Patch(Patch),
}

/// Why the server closed; each code is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// The server stops or restarts: come back soon.
    Restart,
    /// A message that is not of this protocol.
    Malformed,
    /// More rooms than one may hold.
    TooManyRooms,
    /// Nothing was heard for [`SILENCE_MS`].
    Silent,
    /// The client does not take what it is sent.
    TooSlow,
    /// Too many connections from one address.
    TooMany,
    /// The session has ended: come back without it.
    SignedOut,
}

impl CloseCode {
    pub const ALL: [Self; 7] = [
        Self::Restart,
        Self::Malformed,
        Self::TooManyRooms,
        Self::Silent,
        Self::TooSlow,
        Self::TooMany,
        Self::SignedOut,
    ];

    /// The WebSocket close code.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Restart => 4000,
            Self::Malformed => 4001,
            Self::TooManyRooms => 4002,
            Self::Silent => 4003,
            Self::TooSlow => 4004,
            Self::TooMany => 4005,
            Self::SignedOut => 4006,
        }
    }

    /// The close reason.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Restart => "the server restarts",
            Self::Malformed => "that is not a message of weltgewebe.v1",
            Self::TooManyRooms => "too many rooms at once",
            Self::Silent => "nothing was heard for too long",
            Self::TooSlow => "the connection is too slow for what it asked for",
            Self::TooMany => "too many connections from this address",
            Self::SignedOut => "the session has ended",
        }
    }
}

/// How the live channel stands, as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    Live,
    Reconnecting,
    /// There is a network, but the server has not answered for some time.
    Unanswered,
    /// The server answers questions, but the channel does not come about.
    Deaf,
    /// The device says that it has no network.
    Offline,
}

/// How long to wait before attempt `attempt` (0 is the first retry), in milliseconds: doubling from half a
/// second to 30 s, of which a random half (`random`) is taken off, so that a crowd spreads out.
#[must_use]
pub fn retry_delay_ms(attempt: u32, random: u16) -> u32 {
    let full = 500_u32.saturating_mul(1 << attempt.min(6)).min(30_000);
    full - (u64::from(full / 2) * u64::from(random) / u64::from(u16::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_grow_to_a_bound_and_spread() {
        assert_eq!(retry_delay_ms(0, 0), 500);
        assert_eq!(retry_delay_ms(0, u16::MAX), 250);
        assert_eq!(retry_delay_ms(2, 0), 2000);
        assert_eq!(retry_delay_ms(99, 0), 30_000);
        assert_eq!(retry_delay_ms(99, u16::MAX), 15_000);
    }

    #[test]
    fn a_frame_is_flat_and_survives_its_text() {
        for text in [
            r#"{"cell":"8a1e15b60b2ffff","patch":{"nodes_gone":["00000000-0000-0000-0000-000000000001"]}}"#,
            r#"{"talk":"00000000-0000-0000-0000-000000000001","patch":{}}"#,
        ] {
            let frame: RoomFrame = serde_json::from_str(text).expect("a frame");
            assert_eq!(serde_json::to_string(&frame).expect("JSON"), text);
        }
    }
}
