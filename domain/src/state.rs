//! Streams and their states: the facts that decisions read.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::command::Due;
use crate::event::{Body, Draft, Event, Tie};
use crate::id::{MessageId, NodeId, PictureId, RoleId, ThreadId};
use crate::spool::{CommunityState, Right, RoleState};
use crate::talk::MessageState;
use crate::time::{FADE_MS, Millis};
use crate::weave::{self, JoinLevel, NodeState, Target, ThreadState, Uploaded};

/// A small consistent unit of the log, written `node/…`, `thread/…`, `message/…`, `role/…`, `community`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    Node(NodeId),
    Thread(ThreadId),
    Message(MessageId),
    Role(RoleId),
    /// What the community has decided for all: there is one.
    Community,
}

/// It travels as text.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for StreamId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for StreamId {}

/// The text names no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stream: node/…, thread/…, message/…, role/… or community is expected")]
pub struct NotAStream;

const COMMUNITY: &str = "community";

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(id) => write!(f, "node/{id}"),
            Self::Thread(id) => write!(f, "thread/{id}"),
            Self::Message(id) => write!(f, "message/{id}"),
            Self::Role(id) => write!(f, "role/{id}"),
            Self::Community => f.write_str(COMMUNITY),
        }
    }
}

impl FromStr for StreamId {
    type Err = NotAStream;

    fn from_str(text: &str) -> Result<Self, NotAStream> {
        if text == COMMUNITY {
            return Ok(Self::Community);
        }
        let (kind, id) = text.split_once('/').ok_or(NotAStream)?;
        match kind {
            "node" => id.parse().map(Self::Node).map_err(|_| NotAStream),
            "thread" => id.parse().map(Self::Thread).map_err(|_| NotAStream),
            "message" => id.parse().map(Self::Message).map_err(|_| NotAStream),
            "role" => id.parse().map(Self::Role).map_err(|_| NotAStream),
            _ => Err(NotAStream),
        }
    }
}

impl Serialize for StreamId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The state of one stream, stored as JSON beside [`STATE_VERSION`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    Node(NodeState),
    Thread(ThreadState),
    Message(MessageState),
    Role(RoleState),
    Community(CommunityState),
}

/// The version of stored states that this code writes. Since 2 a role has rights and vouches, and a knot its start; since 3 a role knows
/// whether it was confirmed by vouches, a knot its end, its pictures and what its yarns cover, a thread how one joined, and the
/// community its name and centre: a program that knows less would lose them, and so has to refuse them.
pub const STATE_VERSION: u16 = 3;

impl State {
    /// How many events have this stream as theirs.
    #[must_use]
    pub const fn version(&self) -> u32 {
        match self {
            Self::Node(state) => state.version,
            Self::Thread(state) => state.version,
            Self::Message(state) => state.version,
            Self::Role(state) => state.version,
            Self::Community(state) => state.version,
        }
    }
}

/// The moment at which `stream` wants something done, and what. The compiler completes the list.
#[must_use]
pub fn deadline(stream: StreamId, state: &State) -> Option<(Millis, Due)> {
    match (stream, state) {
        (StreamId::Node(id), State::Node(state)) => state.deadline(id),
        (StreamId::Thread(id), State::Thread(state)) => state.deadline(id),
        (StreamId::Message(_), State::Message(_))
        | (StreamId::Role(_), State::Role(_))
        | (StreamId::Community, State::Community(_)) => None,
        (
            StreamId::Node(_)
            | StreamId::Thread(_)
            | StreamId::Message(_)
            | StreamId::Role(_)
            | StreamId::Community,
            _,
        ) => None,
    }
}

/// What decisions read: stream states at the door, rows of the view in the browser.
pub trait Facts {
    fn role(&self, id: RoleId) -> Option<RoleState>;
    fn node(&self, id: NodeId) -> Option<NodeState>;
    fn thread(&self, id: ThreadId) -> Option<ThreadState>;
    fn message(&self, id: MessageId) -> Option<MessageState>;
    /// What is known of a picture that was uploaded.
    fn picture(&self, _: PictureId) -> Option<Uploaded> {
        None
    }
    /// As it is by itself where nothing was decided.
    fn community(&self) -> CommunityState;

    /// Guests for whom at least `needed` vouch, and who they are, as far as they are at hand: a page has none.
    fn vouched(&self, needed: u32) -> Vec<(RoleId, Vec<RoleId>)> {
        let _ = needed;
        Vec::new()
    }
}

/// States by stream: what the door holds for a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States(pub BTreeMap<StreamId, State>);

impl Facts for States {
    fn role(&self, id: RoleId) -> Option<RoleState> {
        match self.0.get(&StreamId::Role(id)) {
            Some(State::Role(state)) => Some(state.clone()),
            _ => None,
        }
    }

    fn node(&self, id: NodeId) -> Option<NodeState> {
        match self.0.get(&StreamId::Node(id)) {
            Some(State::Node(state)) => Some(state.clone()),
            _ => None,
        }
    }

    fn thread(&self, id: ThreadId) -> Option<ThreadState> {
        match self.0.get(&StreamId::Thread(id)) {
            Some(State::Thread(state)) => Some(state.clone()),
            _ => None,
        }
    }

    fn message(&self, id: MessageId) -> Option<MessageState> {
        match self.0.get(&StreamId::Message(id)) {
            Some(State::Message(state)) => Some(*state),
            _ => None,
        }
    }

    fn community(&self) -> CommunityState {
        match self.0.get(&StreamId::Community) {
            Some(State::Community(state)) => state.clone(),
            _ => CommunityState::default(),
        }
    }

    fn vouched(&self, needed: u32) -> Vec<(RoleId, Vec<RoleId>)> {
        let guests = self
            .0
            .iter()
            .filter_map(|(stream, state)| match (stream, state) {
                (StreamId::Role(id), State::Role(role))
                    if role.weaver_since.is_none() && role.vouched_by.len() >= needed as usize =>
                {
                    Some((*id, role.vouched_by.clone()))
                }
                _ => None,
            });
        guests.collect()
    }
}

impl States {
    /// The version that the next event of `stream` gets.
    #[must_use]
    pub fn next_version(&self, stream: StreamId) -> u32 {
        self.0
            .get(&stream)
            .map_or(1, |state| state.version().saturating_add(1))
    }

    /// Applies an event of the log; returns the streams whose state it changed.
    pub fn evolve(&mut self, event: &Event) -> Vec<StreamId> {
        self.apply(
            event.stream,
            event.cell,
            event.tie.as_ref(),
            &event.payload,
            event.at,
        )
    }

    /// Applies what was just decided at `at`.
    pub fn evolve_draft(&mut self, draft: &Draft, at: Millis) -> Vec<StreamId> {
        self.apply(
            draft.stream,
            draft.cell,
            draft.tie.as_ref(),
            &draft.body,
            at,
        )
    }

    fn apply(
        &mut self,
        stream: StreamId,
        cell: Option<crate::place::Cell>,
        tie: Option<&Tie>,
        body: &Body,
        at: Millis,
    ) -> Vec<StreamId> {
        let mut changed = vec![stream];
        match body {
            Body::RolleRegistriert { placed, .. } => {
                let state = RoleState::new(*placed, at);
                self.0.insert(stream, State::Role(state));
            }
            Body::RolleUmbenannt { .. }
            | Body::RolleBeschrieben { .. }
            | Body::RolleBebildert { .. } => {
                self.change_role(stream, |_| {});
            }
            Body::RollePlatziert { placed } => {
                self.change_role(stream, |role| role.placed = *placed);
            }
            Body::KnotenGeknuepft {
                kind,
                starts_at,
                particulars,
                ..
            } => {
                if let (Some(tie), Some(cell)) = (tie, cell) {
                    let date = (*starts_at, particulars.ends_at);
                    let state = weave::knot(*kind, tie.from, cell, date, at);
                    self.0.insert(stream, State::Node(state));
                    self.draw(tie, at, &mut changed);
                }
            }
            Body::KnotenGeaendert {
                kind,
                starts_at,
                particulars,
                ..
            } => {
                if let Some(State::Node(node)) = self.0.get_mut(&stream) {
                    let date = (*starts_at, particulars.ends_at);
                    weave::change(node, cell, *kind, date, at);
                }
                if let Some(tie) = tie {
                    self.draw(tie, at, &mut changed);
                }
            }
            Body::BildHinzugefuegt { picture, .. } | Body::BildEntfernt { picture } => {
                if let Some(State::Node(node)) = self.0.get_mut(&stream) {
                    let is_shown = matches!(body, Body::BildHinzugefuegt { .. });
                    weave::show_picture(node, *picture, is_shown);
                }
                if let Some(tie) = tie {
                    self.draw(tie, at, &mut changed);
                }
            }
            Body::KnotenBeigetreten { level } => {
                if let Some(tie) = tie {
                    self.draw(tie, at, &mut changed);
                    self.join_thread(tie.thread, *level);
                }
            }
            Body::NachrichtGesendet { .. } => {
                if let Some((tie, node)) = tie.and_then(|tie| Some((tie, tie.to.node()?))) {
                    let state = MessageState {
                        version: 1,
                        node,
                        owner: tie.from,
                        said_at: at,
                        is_withdrawn: false,
                    };
                    self.0.insert(stream, State::Message(state));
                    self.draw(tie, at, &mut changed);
                }
            }
            Body::NachrichtGeaendert { .. } => self.change_message(stream, |_| {}),
            Body::NachrichtZurueckgezogen { .. } => {
                self.change_message(stream, |message| message.is_withdrawn = true);
            }
            Body::FadenVerzwirnt { covers } => {
                self.change_tied(tie, &mut changed, |tie, thread, node| {
                    thread.expires_at = None;
                    if let Some(node) = node {
                        node.yarns.insert(tie.thread, tie.from);
                        weave::cover(&mut node.covers, tie.thread, covers.as_ref());
                    }
                });
            }
            Body::GarnDeckungGeaendert { covers } => {
                self.change_tied(tie, &mut changed, |tie, _, node| {
                    if let Some(node) = node {
                        weave::cover(&mut node.covers, tie.thread, Some(covers));
                    }
                });
            }
            Body::FadenEntzwirnt => self.change_tied(tie, &mut changed, |tie, thread, node| {
                thread.expires_at = Some(at + FADE_MS);
                if let Some(node) = node {
                    node.yarns.remove(&tie.thread);
                    weave::cover(&mut node.covers, tie.thread, None);
                    node.holds_until = node.holds_until.max(at + FADE_MS);
                }
            }),
            // Its knot stays as it is: how long that holds was said when the thread was drawn.
            Body::FadenVerfallen { due } => {
                let knows = |to: Target| to.node().is_none() || self.0.contains_key(&to.stream());
                if let Some(tie) = tie.filter(|tie| knows(tie.to))
                    && let Some(State::Thread(thread)) =
                        self.0.get_mut(&StreamId::Thread(tie.thread))
                {
                    thread.version = thread.version.saturating_add(1);
                    thread.faded_at = Some(due.unwrap_or(at));
                }
            }
            Body::KnotenAufgeloest { due } => {
                if let Some(State::Node(node)) = self.0.get_mut(&stream) {
                    node.version = node.version.saturating_add(1);
                    node.dissolved_at = Some(due.unwrap_or(at));
                }
            }
            Body::BuergschaftGegeben => {
                if let Some(tie) = tie {
                    self.change_role(stream, |role| {
                        role.vouched_by.retain(|by| *by != tie.from);
                        role.vouched_by.push(tie.from);
                    });
                    self.draw(tie, at, &mut changed);
                }
            }
            Body::BuergschaftZurueckgezogen => {
                if let Some(tie) = tie {
                    self.change_role(stream, |role| {
                        role.vouched_by.retain(|by| *by != tie.from);
                    });
                    let id = StreamId::Thread(tie.thread);
                    if let Some(State::Thread(thread)) = self.0.get_mut(&id) {
                        weave::withdraw(thread, at);
                        changed.push(id);
                    }
                }
            }
            Body::WeberBestaetigt { why } => self.change_role(stream, |role| {
                (role.weaver_since, role.is_granted) = (Some(at), why.is_granted());
            }),
            Body::RechtVergeben { right, .. } => {
                self.change_role(stream, |role| match right {
                    Right::Weaver => (role.weaver_since, role.is_granted) = (Some(at), true),
                    Right::Admin => role.admin_since = Some(at),
                });
            }
            Body::RechtEntzogen { right, .. } => self.change_role(stream, |role| match right {
                Right::Weaver => {
                    (role.weaver_since, role.is_granted) = (None, false);
                    role.vouched_by.clear();
                }
                Right::Admin => role.admin_since = None,
            }),
            Body::BuergschaftenFestgelegt { needed } => {
                self.change_community(stream, |state| state.vouches_needed = *needed);
            }
            Body::GemeinschaftBeschrieben {
                name,
                centre,
                radius_m,
            } => self.change_community(stream, |state| {
                state.describe(name.as_deref(), *centre, *radius_m);
            }),
            Body::StrukturGegruendet { .. } => {
                if let Some(cell) = cell {
                    let state = weave::structure(cell, at);
                    self.0.insert(stream, State::Node(state));
                }
            }
        }
        changed
    }

    fn change_role(&mut self, stream: StreamId, change: impl FnOnce(&mut RoleState)) {
        if let Some(State::Role(role)) = self.0.get_mut(&stream) {
            role.version = role.version.saturating_add(1);
            change(role);
        }
    }

    fn change_community(&mut self, stream: StreamId, change: impl FnOnce(&mut CommunityState)) {
        let mut state = self.community();
        state.version = state.version.saturating_add(1);
        change(&mut state);
        self.0.insert(stream, State::Community(state));
    }

    fn change_message(&mut self, stream: StreamId, change: impl FnOnce(&mut MessageState)) {
        if let Some(State::Message(message)) = self.0.get_mut(&stream) {
            message.version = message.version.saturating_add(1);
            change(message);
        }
    }

    /// Draws or re-arms the thread; a knot that it leads to holds as long.
    fn draw(&mut self, tie: &Tie, at: Millis, changed: &mut Vec<StreamId>) {
        let thread = weave::draw(self.thread(tie.thread), tie, at);
        self.0
            .insert(StreamId::Thread(tie.thread), State::Thread(thread));
        if let Some(State::Node(node)) = self.0.get_mut(&tie.to.stream()) {
            node.holds_until = node.holds_until.max(at + FADE_MS);
        }
        for stream in [StreamId::Thread(tie.thread), tie.to.stream()] {
            if !changed.contains(&stream) {
                changed.push(stream);
            }
        }
    }

    fn join_thread(&mut self, id: ThreadId, level: JoinLevel) {
        if let Some(State::Thread(thread)) = self.0.get_mut(&StreamId::Thread(id)) {
            thread.level = Some(level);
            thread.version = thread.version.saturating_add(1);
        }
    }

    fn change_tied(
        &mut self,
        tie: Option<&Tie>,
        changed: &mut Vec<StreamId>,
        change: impl FnOnce(&Tie, &mut ThreadState, Option<&mut NodeState>),
    ) {
        let Some(tie) = tie else { return };
        let mut node = tie.to.node().and_then(|id| self.node(id));
        let Some(mut thread) = self.thread(tie.thread) else {
            return;
        };
        if node.is_none() && tie.to.node().is_some() {
            return;
        }
        change(tie, &mut thread, node.as_mut());
        thread.version = thread.version.saturating_add(1);
        self.0
            .insert(StreamId::Thread(tie.thread), State::Thread(thread));
        if let Some(node) = node {
            self.0.insert(tie.to.stream(), State::Node(node));
            changed.push(tie.to.stream());
        }
    }
}
