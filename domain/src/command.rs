//! What people ask for. Outboxes outlive deployments, so commands carry a version and are upcast.

use serde::{Deserialize, Serialize};

use crate::id::{CommandId, MessageId, NodeId, PictureId, RoleId, ThreadId};
use crate::place::Place;
use crate::spool::{Placement, Right};
use crate::state::StreamId;
use crate::time::Millis;
use crate::weave::{
    Covers, JoinLevel, NodeKind, Particulars, ParticularsChange, Structure, Target, ThreadKind,
};

/// The version of commands that this code writes.
pub const COMMAND_VERSION: u16 = 1;

/// One act of a role, made in the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Command {
    pub id: CommandId,
    /// [`COMMAND_VERSION`] of its writer.
    pub v: u16,
    /// The role that acts. [`Act::RegisterRole`] brings a new one into being.
    pub by: RoleId,
    /// When it was made, by the server's clock as the browser knew it.
    pub issued_at: Millis,
    pub act: Act,
}

/// Everything that can be asked for from outside. The compiler completes the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "act"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    RegisterRole {
        name: String,
        placement: Placement,
    },
    RenameRole {
        name: String,
    },
    PlaceRole {
        placement: Placement,
    },
    /// What is not named stays as it is.
    DescribeRole {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        goods: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skills: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        languages: Option<Vec<String>>,
    },
    /// One's own picture; none: no more.
    PortrayRole {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<PictureId>,
    },
    KnotNode {
        node: NodeId,
        kind: NodeKind,
        title: String,
        text: String,
        place: Place,
        /// Of an event, and only of one.
        starts_at: Option<Millis>,
        #[serde(default, skip_serializing_if = "Particulars::is_empty")]
        particulars: Particulars,
    },
    /// What is not named stays as it is.
    ChangeNode {
        node: NodeId,
        /// The knot's version that the change was made on.
        based_on: u32,
        /// Of an event that is over, which becomes a place or an idea; its start goes with that, and what else
        /// only an event says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<NodeKind>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
        /// Of an event, and only of one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        starts_at: Option<Millis>,
        #[serde(default, skip_serializing_if = "ParticularsChange::is_empty")]
        particulars: ParticularsChange,
    },
    /// Shows a picture at a knot; it was uploaded for that before.
    AddPicture {
        node: NodeId,
        picture: PictureId,
        /// What it shows, for those who do not see it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alt: Option<String>,
    },
    RemovePicture {
        node: NodeId,
        picture: PictureId,
    },
    /// Joins a knot, or says anew how: the thread begins its days again, at whatever level.
    JoinNode {
        node: NodeId,
        #[serde(default, skip_serializing_if = "JoinLevel::is_interest")]
        level: JoinLevel,
    },
    /// Says something in the conversation of a knot.
    SendMessage {
        message: MessageId,
        node: NodeId,
        text: String,
        /// The message of the same conversation that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
    },
    /// Says one's own message otherwise.
    ChangeMessage {
        message: MessageId,
        /// The knot at which it was said.
        node: NodeId,
        text: String,
    },
    /// Takes one's own message back: that it was there stays to be seen, what it said does not.
    WithdrawMessage {
        message: MessageId,
        /// The knot at which it was said.
        node: NodeId,
    },
    TwistThread {
        thread: ThreadId,
        #[serde(rename = "node")]
        target: Target,
        /// What it covers of its knot; none: what is written and shown, see [`Covers::USUAL`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        covers: Option<Covers>,
    },
    UntwistThread {
        thread: ThreadId,
        #[serde(rename = "node")]
        target: Target,
    },
    /// Lets one's own yarn cover something else of its knot.
    CoverYarn {
        thread: ThreadId,
        #[serde(rename = "node")]
        target: Target,
        covers: Covers,
    },
    /// A weaver says that somebody belongs.
    VouchFor {
        role: RoleId,
    },
    WithdrawVouch {
        role: RoleId,
    },
    GrantRight {
        role: RoleId,
        right: Right,
        reason: String,
    },
    RevokeRight {
        role: RoleId,
        right: Right,
        reason: String,
    },
    /// How many vouches make a weaver; 0: whoever registers is one.
    SetVouches {
        needed: u32,
    },
    /// What the community is called and where it is. What is not named stays as it is.
    DescribeCommunity {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Where the map begins, and where the structures stand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        centre: Option<Place>,
        /// How far it reaches around its centre, in metres.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        radius_m: Option<u32>,
    },
}

crate::json::tagged!(Act, "act");

/// What the timer asks for when a deadline has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "kebab-case")]
pub enum Due {
    FadeThread {
        thread: ThreadId,
        #[serde(rename = "node")]
        target: Target,
    },
    DissolveNode {
        node: NodeId,
    },
}

impl Command {
    /// The streams whose states the decision reads.
    #[must_use]
    pub fn reads(&self) -> Vec<StreamId> {
        let role = StreamId::Role(self.by);
        let tied = |kind, to: Target| StreamId::Thread(ThreadId::derive(self.by, kind, to));
        let thread = |kind, node| tied(kind, Target::Node(node));
        match self.act {
            Act::RegisterRole { .. } => vec![role, StreamId::Community],
            Act::RenameRole { .. }
            | Act::PlaceRole { .. }
            | Act::DescribeRole { .. }
            | Act::PortrayRole { .. } => vec![role],
            Act::KnotNode { node, .. } => {
                vec![role, StreamId::Node(node), thread(ThreadKind::Create, node)]
            }
            Act::ChangeNode { node, .. }
            | Act::AddPicture { node, .. }
            | Act::RemovePicture { node, .. } => vec![
                role,
                StreamId::Node(node),
                thread(ThreadKind::Change, node),
                StreamId::Community,
            ],
            Act::JoinNode { node, .. } => {
                vec![role, StreamId::Node(node), thread(ThreadKind::Join, node)]
            }
            Act::SendMessage {
                message,
                node,
                reply_to,
                ..
            } => [
                role,
                StreamId::Node(node),
                thread(ThreadKind::Talk, node),
                StreamId::Message(message),
            ]
            .into_iter()
            .chain(reply_to.map(StreamId::Message))
            .collect(),
            Act::ChangeMessage { message, node, .. } | Act::WithdrawMessage { message, node } => {
                vec![role, StreamId::Node(node), StreamId::Message(message)]
            }
            Act::TwistThread { thread, target, .. }
            | Act::UntwistThread { thread, target }
            | Act::CoverYarn { thread, target, .. } => {
                vec![role, target.stream(), StreamId::Thread(thread)]
            }
            Act::VouchFor { role: guest } | Act::WithdrawVouch { role: guest } => vec![
                role,
                StreamId::Role(guest),
                tied(ThreadKind::Vouch, Target::Role(guest)),
                StreamId::Community,
            ],
            Act::GrantRight { role: to, .. } | Act::RevokeRight { role: to, .. } => {
                vec![role, StreamId::Role(to)]
            }
            Act::SetVouches { .. } => vec![role, StreamId::Community],
            Act::DescribeCommunity { .. } => {
                let structures = Structure::ALL.map(NodeId::of_structure);
                let structures = structures.into_iter().map(StreamId::Node);
                [role, StreamId::Community]
                    .into_iter()
                    .chain(structures)
                    .collect()
            }
        }
    }
}

impl Act {
    /// The picture that it shows, which has to be there.
    #[must_use]
    pub const fn picture(&self) -> Option<PictureId> {
        match *self {
            Self::AddPicture { picture, .. } => Some(picture),
            Self::PortrayRole { picture } => picture,
            _ => None,
        }
    }

    /// Joins a knot out of interest.
    #[must_use]
    pub const fn join(node: NodeId) -> Self {
        let level = JoinLevel::Interest;
        Self::JoinNode { node, level }
    }

    /// Twists a thread, which then covers what is usual.
    #[must_use]
    pub fn twist(thread: ThreadId, target: impl Into<Target>) -> Self {
        Self::TwistThread {
            thread,
            target: target.into(),
            covers: None,
        }
    }

    /// The streams that an order of the house is about, which nobody's role gives; see [`crate::decide::decide_order`].
    #[must_use]
    pub fn about(&self) -> Vec<StreamId> {
        match *self {
            Self::GrantRight { role, .. } | Self::RevokeRight { role, .. } => {
                vec![StreamId::Role(role)]
            }
            Self::SetVouches { .. } => vec![StreamId::Community],
            Self::DescribeCommunity { .. } => {
                let structures = Structure::ALL.map(NodeId::of_structure);
                let structures = structures.into_iter().map(StreamId::Node);
                [StreamId::Community]
                    .into_iter()
                    .chain(structures)
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Due {
    /// The streams whose states the decision reads.
    #[must_use]
    pub fn reads(&self) -> Vec<StreamId> {
        match *self {
            Self::FadeThread { thread, target } => {
                vec![StreamId::Thread(thread), target.stream()]
            }
            Self::DissolveNode { node } => vec![StreamId::Node(node)],
        }
    }
}
