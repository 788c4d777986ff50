//! What a room shows: rows, their differences, and one's own pending acts folded into them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::decide::decide;
use crate::event::{Body, Draft};
use crate::id::{MessageId, NodeId, PictureId, RoleId, ThreadId};
use crate::page::RoleDetail;
use crate::personal::Personal;
use crate::place::{Cell, Place, Radius};
use crate::refusal::Refusal;
use crate::spool::{CommunityState, Met, Placed, Profile, RoleState, Standing};
use crate::state::{Facts, StreamId};
use crate::talk::{self, MessageRow, MessageState};
use crate::time::{DAY_MS, FADE_MS, Millis};
use crate::weave::{
    Covering, JoinLevel, NodeKind, NodeState, Particulars, ParticularsChange, Picture, Target,
    ThreadKind, ThreadState, Uploaded, cover,
};

/// A knot, as everyone may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeRow {
    pub id: NodeId,
    pub kind: NodeKind,
    pub title: String,
    pub text: String,
    pub place: Place,
    pub owner: RoleId,
    pub owner_name: String,
    pub version: u32,
    pub created_at: Millis,
    pub starts_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Particulars::is_empty")]
    pub particulars: Particulars,
    pub holds_until: Millis,
    pub yarns: BTreeMap<ThreadId, RoleId>,
    /// In the order in which they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// What those of them cover of which it was said, by their threads. The others cover text and pictures; one of a source of
    /// imports nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Covering>,
    pub dissolved_at: Option<Millis>,
    /// The last event that changed this row.
    pub last: i64,
}

/// A thread between a spool and a knot, or the spool of somebody who is vouched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThreadRow {
    pub id: ThreadId,
    pub kind: ThreadKind,
    pub role: RoleId,
    pub role_name: String,
    /// What it leads to.
    #[serde(rename = "node")]
    pub target: Target,
    /// The spool's published point; none where it is hidden: the line ends in a tuft.
    pub from: Option<Place>,
    /// The knot's place, or the published point of a spool; none where that is hidden.
    pub to: Option<Place>,
    pub version: u32,
    pub acts: u32,
    /// Of a join thread, and only of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<JoinLevel>,
    /// The first of its acts; none: there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// The last of its acts.
    pub drawn_at: Millis,
    /// None: it is yarn.
    pub expires_at: Option<Millis>,
    pub faded_at: Option<Millis>,
    pub last: i64,
}

/// A spool at its published point; hidden ones have no row in any room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpoolRow {
    pub role: RoleId,
    pub name: String,
    pub place: Place,
    /// How far the true point may be away; none: it is exact.
    pub radius: Option<Radius>,
    /// The last act: the spool turns for seven seconds after it.
    pub acted_at: Millis,
    pub last: i64,
}

/// How many knots there are in a cell; what rooms of a coarse resolution show instead of the knots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountRow {
    /// Two resolutions finer than the room.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub cell: Cell,
    /// In the order of the kinds; those without a knot are left out. In a patch, none at all: there is no knot any more.
    pub kinds: Vec<(NodeKind, u32)>,
}

impl CountRow {
    /// How many knots of any kind.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.kinds.iter().map(|(_, count)| count).sum()
    }
}

/// Everything a room shows: what holds, nothing that has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellView {
    #[serde(with = "rows")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<NodeRow>))]
    pub nodes: BTreeMap<NodeId, NodeRow>,
    #[serde(with = "rows")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<ThreadRow>))]
    pub threads: BTreeMap<ThreadId, ThreadRow>,
    #[serde(with = "rows")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SpoolRow>))]
    pub spools: BTreeMap<RoleId, SpoolRow>,
    /// Of the room of a conversation: its newest messages, by their number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageRow>,
    /// Of a room that counts, by cell: a few dozen at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<CountRow>,
}

/// A row with its key, so that maps travel as lists of rows.
pub trait Row {
    type Key: Ord + Copy;
    fn key(&self) -> Self::Key;
    fn last(&self) -> i64;
}

macro_rules! row {
    ($row:ty, $key:ty, $field:ident) => {
        impl Row for $row {
            type Key = $key;

            fn key(&self) -> $key {
                self.$field
            }

            fn last(&self) -> i64 {
                self.last
            }
        }
    };
}

row!(NodeRow, NodeId, id);
row!(ThreadRow, ThreadId, id);
row!(SpoolRow, RoleId, role);

mod rows {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Row;

    pub(super) fn serialize<R: Row + Serialize, S: Serializer>(
        rows: &BTreeMap<R::Key, R>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(rows.values())
    }

    pub(super) fn deserialize<'de, R: Row + Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<R::Key, R>, D::Error> {
        let mut rows = BTreeMap::new();
        // Collecting sorts before it builds, which weighs more in the client than inserting one by one.
        rows.extend(
            Vec::<R>::deserialize(deserializer)?
                .into_iter()
                .map(|row| (row.key(), row)),
        );
        Ok(rows)
    }
}

/// What changed in a room: idempotent upserts and removes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Patch {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<ThreadRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spools: Vec<SpoolRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<CountRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes_gone: Vec<NodeId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads_gone: Vec<ThreadId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spools_gone: Vec<RoleId>,
    /// Those that newer ones have pushed out, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages_gone: Vec<MessageId>,
}

impl Patch {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
            && self.threads.is_empty()
            && self.spools.is_empty()
            && self.nodes_gone.is_empty()
            && self.threads_gone.is_empty()
            && self.spools_gone.is_empty()
            && self.messages.is_empty()
            && self.messages_gone.is_empty()
            && self.counts.is_empty()
    }
}

fn changed<R: Row + Clone + PartialEq>(
    old: &BTreeMap<R::Key, R>,
    new: &BTreeMap<R::Key, R>,
) -> (Vec<R>, Vec<R::Key>) {
    let upserts = new.iter().filter(|(key, row)| old.get(key) != Some(row));
    let gone = old.keys().filter(|key| !new.contains_key(key));
    (
        upserts.map(|(_, row)| row.clone()).collect(),
        gone.copied().collect(),
    )
}

fn upsert<R: Row + Clone>(rows: &mut BTreeMap<R::Key, R>, upserts: &[R], gone: &[R::Key]) {
    for key in gone {
        rows.remove(key);
    }
    for row in upserts {
        if rows
            .get(&row.key())
            .is_none_or(|known| known.last() <= row.last())
        {
            rows.insert(row.key(), row.clone());
        }
    }
}

fn recounted(old: &[CountRow], new: &[CountRow]) -> Vec<CountRow> {
    let mut changed = Vec::new();
    for row in new {
        if !old.contains(row) {
            changed.push(row.clone());
        }
    }
    for row in old {
        if !new.iter().any(|other| other.cell == row.cell) {
            changed.push(CountRow {
                cell: row.cell,
                kinds: Vec::new(),
            });
        }
    }
    changed
}

/// A cell lies in one room alone, whose states come in order: what came last is the newest.
fn count_anew(counts: &mut Vec<CountRow>, changed: &[CountRow]) {
    for row in changed {
        counts.retain(|known| known.cell != row.cell);
        if !row.kinds.is_empty() {
            let place = counts.partition_point(|known| known.cell < row.cell);
            counts.insert(place, row.clone());
        }
    }
}

impl CellView {
    /// What turns `self` into `newer`.
    #[must_use]
    pub fn diff(&self, newer: &Self) -> Patch {
        let (nodes, nodes_gone) = changed(&self.nodes, &newer.nodes);
        let (threads, threads_gone) = changed(&self.threads, &newer.threads);
        let (spools, spools_gone) = changed(&self.spools, &newer.spools);
        let (messages, messages_gone) = talk::changed(&self.messages, &newer.messages);
        let counts = recounted(&self.counts, &newer.counts);
        Patch {
            nodes,
            threads,
            spools,
            counts,
            messages,
            nodes_gone,
            threads_gone,
            spools_gone,
            messages_gone,
        }
    }

    /// Applies a patch; rows older than what is held are ignored.
    pub fn apply(&mut self, patch: &Patch) {
        upsert(&mut self.nodes, &patch.nodes, &patch.nodes_gone);
        upsert(&mut self.threads, &patch.threads, &patch.threads_gone);
        upsert(&mut self.spools, &patch.spools, &patch.spools_gone);
        talk::change(&mut self.messages, &patch.messages, &patch.messages_gone);
        count_anew(&mut self.counts, &patch.counts);
    }

    /// Adds the rows of another room; of a row in both the newer wins.
    pub fn merge(&mut self, other: &Self) {
        self.apply(&Self::default().diff(other));
    }
}

impl NodeRow {
    /// Takes over what an event says was changed; an erased text shows as nothing.
    pub fn change(
        &mut self,
        kind: Option<NodeKind>,
        title: Option<&Personal>,
        text: Option<&Personal>,
        place: Option<Place>,
        (starts_at, particulars): (Option<Millis>, &ParticularsChange),
    ) {
        for (own, new) in [(&mut self.title, title), (&mut self.text, text)] {
            if let Some(new) = new {
                new.readable().unwrap_or_default().clone_into(own);
            }
        }
        self.place = place.unwrap_or(self.place);
        self.turn_into(kind);
        self.starts_at = starts_at.or(self.starts_at);
        self.particulars.change(particulars);
    }

    /// Takes over a picture that is shown, or removed.
    pub fn show_picture(&mut self, id: PictureId, shown: Option<Picture>) {
        self.pictures.retain(|known| known.id != id);
        self.pictures.extend(shown);
    }

    /// What becomes something else keeps when it started: it may become that event again. It says nothing of its former kind.
    pub fn turn_into(&mut self, kind: Option<NodeKind>) {
        if let Some(kind) = kind {
            self.kind = kind;
            self.particulars = Particulars::default();
        }
    }

    /// When it starts or has started, where it is an event.
    #[must_use]
    pub fn start(&self) -> Option<Millis> {
        self.starts_at.filter(|_| self.kind == NodeKind::Event)
    }

    /// The facts that decisions need, as the stream has them.
    #[must_use]
    pub fn facts(&self) -> NodeState {
        NodeState {
            version: self.version,
            kind: self.kind,
            owner: self.owner,
            cell: self.place.cell(),
            starts_at: self.starts_at,
            ends_at: self.particulars.ends_at,
            holds_until: self.holds_until,
            yarns: self.yarns.clone(),
            pictures: self.pictures.iter().map(|picture| picture.id).collect(),
            covers: self.covers.clone(),
            dissolved_at: self.dissolved_at,
        }
    }

    /// Whether it comes undone within a day, unless somebody holds it again.
    #[must_use]
    pub fn is_in_its_last_day(&self, now: Millis) -> bool {
        self.kind != NodeKind::Structure
            && self.yarns.is_empty()
            && self.dissolved_at.is_none()
            && (1..=DAY_MS).contains(&(self.holds_until - now))
    }
}

impl ThreadRow {
    /// The facts that decisions need, as the stream has them.
    #[must_use]
    pub const fn facts(&self) -> ThreadState {
        ThreadState {
            version: self.version,
            kind: self.kind,
            owner: self.role,
            target: self.target,
            acts: self.acts,
            level: self.level,
            expires_at: self.expires_at,
            faded_at: self.faded_at,
        }
    }

    /// Since when it has been drawn again and again, as it will be told after an act by which it has that many.
    #[must_use]
    pub fn since_after(&self, acts: u32) -> Option<Millis> {
        (acts > 1).then(|| self.since.unwrap_or(self.drawn_at))
    }
}

/// One's own role, as the socket's hello tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub role: RoleId,
    pub name: String,
    pub version: u32,
    pub placed: Placed,
    /// The published point.
    pub place: Option<Place>,
    pub registered_at: Millis,
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    #[serde(default, skip_serializing_if = "Standing::is_usual")]
    pub standing: Standing,
}

impl Me {
    /// The facts that decisions need.
    #[must_use]
    pub fn facts(&self) -> RoleState {
        RoleState {
            version: self.version,
            ..self.standing.facts(self.placed, self.registered_at)
        }
    }
}

impl RoleDetail {
    /// The facts that decisions need; none of them reads another role's version.
    #[must_use]
    pub fn facts(&self) -> RoleState {
        self.standing.facts(self.placed, self.registered_at)
    }
}

/// The rows of a view, one's own role and the one whose page is open, as facts.
#[derive(Debug)]
pub struct ViewFacts<'a> {
    pub view: &'a CellView,
    pub me: Option<&'a Me>,
    pub role: Option<&'a RoleDetail>,
}

impl Facts for ViewFacts<'_> {
    fn role(&self, id: RoleId) -> Option<RoleState> {
        let me = self.me.filter(|me| me.role == id).map(Me::facts);
        let other = self.role.filter(|role| role.role == id);
        me.or_else(|| other.map(RoleDetail::facts))
    }

    fn node(&self, id: NodeId) -> Option<NodeState> {
        self.view.nodes.get(&id).map(NodeRow::facts)
    }

    fn thread(&self, id: ThreadId) -> Option<ThreadState> {
        self.view.threads.get(&id).map(ThreadRow::facts)
    }

    fn message(&self, id: MessageId) -> Option<MessageState> {
        let known = self.view.messages.iter().find(|row| row.id == id);
        known.map(MessageRow::facts)
    }

    /// What was uploaded the server knows: here it is believed to be one's own.
    fn picture(&self, _: PictureId) -> Option<Uploaded> {
        let owner = self.me?.role;
        Some(Uploaded { owner, node: None })
    }

    fn community(&self) -> CommunityState {
        let standing = self.me.map(|me| &me.standing);
        standing.map_or_else(CommunityState::default, |standing| CommunityState {
            vouches_needed: standing.vouches_needed,
            ..CommunityState::default()
        })
    }
}

/// Decides one's own pending command on what is shown and folds its effect into `view` (and `me`, and the role whose page is
/// open).
///
/// # Errors
/// The refusal that the server is expected to give; it may know better where a row is not at hand.
pub fn predict(
    view: &mut CellView,
    me: &mut Option<Me>,
    role: &mut Option<RoleDetail>,
    command: &Command,
    now: Millis,
) -> Result<(), Refusal> {
    let facts = ViewFacts {
        view,
        me: me.as_ref(),
        role: role.as_ref(),
    };
    for draft in decide(&facts, command, now)? {
        fold(view, me, role, &draft, now);
    }
    Ok(())
}

/// Folds what would happen into the rows. The row's `last` stays: the server's row replaces it.
fn fold(
    view: &mut CellView,
    me: &mut Option<Me>,
    role: &mut Option<RoleDetail>,
    draft: &Draft,
    now: Millis,
) {
    match &draft.body {
        Body::RolleRegistriert { name, placed } => {
            *me = Some(Me {
                role: name.of,
                name: name.readable().unwrap_or_default().to_owned(),
                version: 1,
                placed: *placed,
                place: None,
                registered_at: now,
                profile: Profile::default(),
                standing: Standing::default(),
            });
        }
        Body::RolleUmbenannt { name } => {
            if let (Some(me), Some(name)) = (me.as_mut(), name.readable()) {
                name.clone_into(&mut me.name);
            }
        }
        Body::RollePlatziert { placed } => {
            if let Some(me) = me.as_mut() {
                me.placed = *placed;
            }
        }
        Body::RolleBeschrieben {
            about,
            goods,
            skills,
            languages,
        } => {
            if let Some(me) = me.as_mut() {
                let (goods, skills) = (goods.as_ref(), skills.as_ref());
                me.profile
                    .change(about.as_ref(), goods, skills, languages.as_ref());
            }
        }
        Body::RolleBebildert { picture } => {
            if let Some(me) = me.as_mut() {
                me.profile.picture = *picture;
            }
        }
        Body::KnotenGeknuepft {
            kind,
            title,
            text,
            place,
            starts_at,
            particulars,
        } => {
            let (Some(id), Some(me)) = (tied_node(draft), me.as_ref()) else {
                return;
            };
            view.nodes.insert(
                id,
                NodeRow {
                    id,
                    kind: *kind,
                    title: title.readable().unwrap_or_default().to_owned(),
                    text: text.readable().unwrap_or_default().to_owned(),
                    place: *place,
                    owner: me.role,
                    owner_name: me.name.clone(),
                    version: 1,
                    created_at: now,
                    starts_at: *starts_at,
                    particulars: particulars.clone(),
                    holds_until: crate::weave::holds_until(*starts_at, particulars.ends_at, now),
                    yarns: BTreeMap::new(),
                    pictures: Vec::new(),
                    covers: Vec::new(),
                    dissolved_at: None,
                    last: 0,
                },
            );
            draw(view, me, draft, now);
        }
        Body::KnotenGeaendert {
            kind,
            title,
            text,
            place,
            starts_at,
            particulars,
            ..
        } => {
            let (Some(id), Some(me)) = (tied_node(draft), me.as_ref()) else {
                return;
            };
            if let Some(node) = view.nodes.get_mut(&id) {
                let said = (*starts_at, particulars);
                node.change(*kind, title.as_ref(), text.as_ref(), *place, said);
                let mut facts = node.facts();
                let date = (*starts_at, particulars.ends_at);
                crate::weave::change(&mut facts, draft.cell, *kind, date, now);
                (node.version, node.holds_until) = (facts.version, facts.holds_until);
            }
            if let Some(place) = place {
                for thread in view.threads.values_mut() {
                    if thread.target == Target::Node(id) {
                        thread.to = Some(*place);
                    }
                }
            }
            draw(view, me, draft, now);
        }
        Body::BildHinzugefuegt { picture, alt } => {
            let shown = Some(Picture::told(*picture, alt.as_ref()));
            picture_shown(view, me.as_ref(), draft, (*picture, shown), now);
        }
        Body::BildEntfernt { picture } => {
            picture_shown(view, me.as_ref(), draft, (*picture, None), now);
        }
        Body::KnotenBeigetreten { level } => {
            if let Some(me) = me.as_ref() {
                draw(view, me, draft, now);
                change(view, draft, |thread, _| {
                    thread.version = thread.version.saturating_add(1);
                    thread.level = Some(*level);
                });
            }
        }
        Body::NachrichtGesendet { text, reply_to } => {
            if let (StreamId::Message(id), Some(node), Some(me)) =
                (draft.stream, tied_node(draft), me.as_ref())
            {
                let said = (text.readable().unwrap_or_default(), *reply_to);
                let row = talk::predicted(view, me, (id, node), said, now);
                talk::put(&mut view.messages, row);
                draw(view, me, draft, now);
            }
        }
        Body::NachrichtGeaendert { text, .. } => {
            if let StreamId::Message(id) = draft.stream {
                let text = text.readable().unwrap_or_default();
                talk::reword(&mut view.messages, id, text, now);
            }
        }
        Body::NachrichtZurueckgezogen { .. } => {
            if let StreamId::Message(id) = draft.stream {
                talk::withdraw(&mut view.messages, id);
            }
        }
        Body::FadenVerzwirnt { covers } => change(view, draft, |thread, node| {
            thread.version = thread.version.saturating_add(1);
            thread.expires_at = None;
            if let Some(node) = node {
                node.yarns.insert(thread.id, thread.role);
                cover(&mut node.covers, thread.id, covers.as_ref());
            }
        }),
        Body::GarnDeckungGeaendert { covers } => change(view, draft, |thread, node| {
            thread.version = thread.version.saturating_add(1);
            if let Some(node) = node {
                cover(&mut node.covers, thread.id, Some(covers));
            }
        }),
        Body::FadenEntzwirnt => change(view, draft, |thread, node| {
            thread.version = thread.version.saturating_add(1);
            thread.expires_at = Some(now + FADE_MS);
            if let Some(node) = node {
                node.yarns.remove(&thread.id);
                cover(&mut node.covers, thread.id, None);
                node.holds_until = node.holds_until.max(now + FADE_MS);
            }
        }),
        Body::BuergschaftGegeben => {
            if let (Some(me), Some(role)) = (me.as_ref(), role.as_mut()) {
                role.standing.vouched_by.push(Met {
                    role: me.role,
                    name: me.name.clone(),
                });
                // Where neither end is on the map there is no line.
                if me.place.or(role.place).is_some() {
                    strand(view, me, draft, role.place, now);
                }
            }
        }
        Body::BuergschaftZurueckgezogen => {
            if let (Some(tie), Some(role)) = (draft.tie, role.as_mut()) {
                role.standing.vouched_by.retain(|met| met.role != tie.from);
                view.threads.remove(&tie.thread);
            }
        }
        Body::WeberBestaetigt { why } => {
            for standing in standings(me, role, draft.stream) {
                (standing.weaver_since, standing.is_granted) = (Some(now), why.is_granted());
            }
        }
        // The timer's alone, or an admin's elsewhere: no page predicts them.
        Body::FadenVerfallen { .. }
        | Body::KnotenAufgeloest { .. }
        | Body::RechtVergeben { .. }
        | Body::RechtEntzogen { .. }
        | Body::BuergschaftenFestgelegt { .. }
        | Body::GemeinschaftBeschrieben { .. }
        | Body::StrukturGegruendet { .. } => {}
    }
}

fn picture_shown(
    view: &mut CellView,
    me: Option<&Me>,
    draft: &Draft,
    (id, shown): (PictureId, Option<Picture>),
    now: Millis,
) {
    let node = tied_node(draft).and_then(|id| view.nodes.get_mut(&id));
    if let (Some(node), Some(me)) = (node, me) {
        node.show_picture(id, shown);
        node.version = node.version.saturating_add(1);
        draw(view, me, draft, now);
    }
}

/// The knot that a draft is about.
fn tied_node(draft: &Draft) -> Option<NodeId> {
    draft.tie.and_then(|tie| tie.to.node())
}

/// Where that role stands, as far as it is at hand.
fn standings<'a>(
    me: &'a mut Option<Me>,
    role: &'a mut Option<RoleDetail>,
    stream: StreamId,
) -> impl Iterator<Item = &'a mut Standing> {
    let me = me.as_mut().map(|me| (me.role, &mut me.standing));
    let role = role.as_mut().map(|role| (role.role, &mut role.standing));
    let known = me.into_iter().chain(role);
    known.filter_map(move |(id, standing)| (stream == StreamId::Role(id)).then_some(standing))
}

fn draw(view: &mut CellView, me: &Me, draft: &Draft, now: Millis) {
    let Some(node) = tied_node(draft).and_then(|id| view.nodes.get_mut(&id)) else {
        return;
    };
    node.holds_until = node.holds_until.max(now + FADE_MS);
    let to = Some(node.place);
    strand(view, me, draft, to, now);
}

/// Draws or re-arms one's own thread to what is at `to`.
fn strand(view: &mut CellView, me: &Me, draft: &Draft, to: Option<Place>, now: Millis) {
    let Some(tie) = draft.tie else { return };
    let known = view.threads.get(&tie.thread);
    let state = crate::weave::draw(known.map(ThreadRow::facts), &tie, now);
    let last = known.map_or(0, |thread| thread.last);
    let since = known.and_then(|thread| thread.since_after(state.acts));
    view.threads.insert(
        tie.thread,
        ThreadRow {
            id: tie.thread,
            kind: tie.kind,
            role: me.role,
            role_name: me.name.clone(),
            target: tie.to,
            from: me.place,
            to,
            version: state.version,
            acts: state.acts,
            level: state.level,
            since,
            drawn_at: now,
            expires_at: state.expires_at,
            faded_at: None,
            last,
        },
    );
}

fn change(
    view: &mut CellView,
    draft: &Draft,
    change: impl FnOnce(&mut ThreadRow, Option<&mut NodeRow>),
) {
    let Some(tie) = draft.tie else { return };
    let node = tied_node(draft).and_then(|id| view.nodes.get_mut(&id));
    if let Some(thread) = view.threads.get_mut(&tie.thread)
        && (node.is_some() || tie.to.node().is_none())
    {
        change(thread, node);
    }
}
