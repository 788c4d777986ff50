//! The world as a naive model: a log, and what each room shows at each position.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use domain::cursor::Cursor;
use domain::event::{Actor, Body, EVENT_VERSION, Event, Tie};
use domain::id::{CommandId, Epoch, MessageId, NodeId, RoleId, ThreadId};
use domain::personal::Personal;
use domain::place::{Cell, Place};
use domain::spool::Placed;
use domain::state::StreamId;
use domain::talk::{MessageRow, Quoted, reword, withdraw};
use domain::time::Millis;
use domain::view::{CellView, CountRow, NodeRow, SpoolRow, ThreadRow};
use domain::weave::{
    Covering, Covers, JoinLevel, NodeKind, Particulars, ParticularsChange, Target, ThreadKind,
};
use domain::wire::RoomId;
use uuid::Uuid;

use crate::random::Random;

/// Two neighbours, one across the town, one in the next, one far away.
static PLACES: [Place; 5] = [
    Place {
        lat: 484_100_000,
        lon: 156_100_000,
    },
    Place {
        lat: 484_101_500,
        lon: 156_101_500,
    },
    Place {
        lat: 484_160_000,
        lon: 156_190_000,
    },
    Place {
        lat: 482_080_000,
        lon: 163_730_000,
    },
    Place {
        lat: -365_000_000,
        lon: 1_747_000_000,
    },
];
static CELLS: LazyLock<Vec<Cell>> =
    LazyLock::new(|| PLACES.iter().map(|place| place.cell()).collect());
/// Every room that can show anything.
pub(crate) static ROOMS: LazyLock<Vec<RoomId>> = LazyLock::new(|| {
    let cells = INSIDE.keys().copied().map(RoomId::Cell);
    cells
        .chain((0..TALKS).map(node_of).map(RoomId::Talk))
        .collect()
});
/// Which of [`PLACES`] lie in which room.
static INSIDE: LazyLock<BTreeMap<Cell, Vec<bool>>> = LazyLock::new(|| {
    let inside = |room: &Cell| CELLS.iter().map(|cell| room.contains(*cell)).collect();
    let rooms = CELLS.iter().flat_map(|cell| cell.rooms());
    rooms.map(|room| (room, inside(&room))).collect()
});

const ROLES: u128 = 4;
const NODES: u128 = 5;
/// Knots at which something is said.
const TALKS: u128 = 2;
/// Messages that a conversation's room shows: so few that they are pushed out.
const RECENT: usize = 3;

fn node_of(n: u128) -> NodeId {
    NodeId(Uuid::from_u128(100 + n))
}

pub(crate) fn cursor(id: i64) -> Cursor {
    Cursor {
        epoch: Epoch(Uuid::from_u128(0xe90c)),
        at: Millis(id * 10),
        id,
    }
}

struct Role {
    name: String,
    spool: Option<usize>,
    acted_at: Millis,
    last: i64,
}

/// What is, and what was.
pub(crate) struct World {
    pub(crate) log: Vec<Event>,
    roles: BTreeMap<RoleId, Role>,
    nodes: BTreeMap<NodeId, (usize, NodeRow)>,
    threads: BTreeMap<ThreadId, ThreadRow>,
    /// What was said at each knot, the oldest first.
    said: BTreeMap<NodeId, Vec<MessageRow>>,
    /// Room → its views by the position at which they began.
    views: BTreeMap<RoomId, Vec<(i64, Arc<CellView>)>>,
    /// Role → its published places by the position at which they began.
    spools: BTreeMap<RoleId, Vec<(i64, Option<usize>)>>,
}

impl World {
    pub(crate) fn new() -> Self {
        let empty = Arc::new(CellView::default());
        Self {
            log: Vec::new(),
            roles: BTreeMap::new(),
            nodes: BTreeMap::new(),
            threads: BTreeMap::new(),
            said: BTreeMap::new(),
            views: ROOMS
                .iter()
                .map(|room| (*room, vec![(0, Arc::clone(&empty))]))
                .collect(),
            spools: BTreeMap::new(),
        }
    }

    pub(crate) fn head(&self) -> i64 {
        self.log.len() as i64
    }

    /// What the room showed at `position`.
    pub(crate) fn view(&self, room: RoomId, position: i64) -> &Arc<CellView> {
        let views = &self.views[&room];
        let next = views.partition_point(|(from, _)| *from <= position);
        &views[next - 1].1
    }

    /// The first position at or after `from` at which the room showed `view`.
    pub(crate) fn when(&self, room: RoomId, view: &CellView, from: i64) -> Option<i64> {
        let views = &self.views[&room];
        let holding = views.partition_point(|(began, _)| *began <= from) - 1;
        views[holding..]
            .iter()
            .find(|(_, shown)| **shown == *view)
            .map(|(began, _)| (*began).max(from))
    }

    /// The published cell of a role at `position`.
    pub(crate) fn spool(&self, role: RoleId, position: i64) -> Option<Cell> {
        let places = self.spools.get(&role)?;
        let next = places.partition_point(|(from, _)| *from <= position);
        places[..next]
            .last()
            .and_then(|(_, place)| *place)
            .map(|place| CELLS[place])
    }

    /// Something happens, if what was thought of is possible.
    pub(crate) fn happen(&mut self, random: &mut Random) {
        let role = RoleId(Uuid::from_u128(1 + u128::from(random.next()) % ROLES));
        let place = random.below(PLACES.len());
        let spool = (!random.percent(25)).then_some(place);
        if !self.roles.contains_key(&role) {
            self.register(role, spool);
            return;
        }
        let node = node_of(u128::from(random.next()) % NODES);
        match (
            random.below(15),
            self.nodes.get(&node).map(|(_, row)| row.dissolved_at),
        ) {
            (0, _) if random.percent(50) => {
                let other = RoleId(Uuid::from_u128(1 + u128::from(random.next()) % ROLES));
                self.vouch(role, other);
            }
            (0, _) => self.rename(role),
            (1 | 2, _) => self.move_to(role, spool),
            (_, None) => self.knot(role, node, place),
            (3..=5, Some(None)) => self.act(role, node, joined(random)),
            (6, Some(None)) => self.act(role, node, Body::FadenVerzwirnt { covers: None }),
            (14, Some(None)) if random.percent(70) => self.act(role, node, covered(random)),
            (7, Some(None)) => self.act(role, node, Body::FadenVerfallen { due: None }),
            (10 | 11, Some(None)) => self.say(role, node, random),
            (12 | 13, Some(None)) => self.say_otherwise(role, node, random),
            (8 | 9, Some(None)) => {
                let place = random.percent(70).then_some(place);
                self.change(node, place, random.percent(30).then_some(NodeKind::Place));
            }
            (_, Some(None)) => self.dissolve(node),
            (_, Some(Some(_))) => self.rename(role),
        }
    }

    fn register(&mut self, id: RoleId, spool: Option<usize>) {
        let event = self.event(
            StreamId::Role(id),
            Some(id),
            None,
            None,
            Body::RolleRegistriert {
                name: Personal::open(id, "a"),
                placed: placed(spool),
            },
        );
        let role = Role {
            name: format!("{id} 1"),
            spool,
            acted_at: event.at,
            last: event.id,
        };
        self.roles.insert(id, role);
        self.note_spool(id, spool);
        self.log(event);
    }

    fn rename(&mut self, id: RoleId) {
        let event = self.event(
            StreamId::Role(id),
            Some(id),
            None,
            None,
            Body::RolleUmbenannt {
                name: Personal::open(id, "b"),
            },
        );
        let name = format!("{id} {}", event.id);
        let last = event.id;
        if let Some(role) = self.roles.get_mut(&id) {
            role.name.clone_from(&name);
        }
        self.turn(id, &event);
        for row in self.threads.values_mut().filter(|row| row.role == id) {
            (row.role_name, row.last) = (name.clone(), last);
        }
        for row in self
            .said
            .values_mut()
            .flatten()
            .filter(|row| row.role == id)
        {
            row.role_name.clone_from(&name);
        }
        let answers = self.said.values_mut().flatten();
        for quoted in answers.filter_map(|row| row.reply_to.as_mut()) {
            if quoted.role == id {
                quoted.role_name.clone_from(&name);
            }
        }
        for (_, row) in self.nodes.values_mut().filter(|(_, row)| row.owner == id) {
            (row.owner_name, row.last) = (name.clone(), last);
        }
        self.log(event);
    }

    fn move_to(&mut self, id: RoleId, spool: Option<usize>) {
        let body = Body::RollePlatziert {
            placed: placed(spool),
        };
        let event = self.event(StreamId::Role(id), Some(id), None, None, body);
        if let Some(role) = self.roles.get_mut(&id) {
            role.spool = spool;
        }
        self.turn(id, &event);
        for row in self.threads.values_mut().filter(|row| row.role == id) {
            (row.from, row.last) = (spool.map(|place| PLACES[place]), event.id);
        }
        for row in self.threads.values_mut() {
            if row.target == Target::Role(id) {
                (row.to, row.last) = (spool.map(|place| PLACES[place]), event.id);
            }
        }
        self.note_spool(id, spool);
        self.log(event);
    }

    /// Vouches for another role, or takes that back.
    fn vouch(&mut self, role: RoleId, other: RoleId) {
        if role == other || !self.roles.contains_key(&other) {
            return self.rename(role);
        }
        let tie = Tie::new(role, ThreadKind::Vouch, other);
        let known = self.threads.get(&tie.thread);
        let stands = known.is_some_and(|row| row.faded_at.is_none());
        let body = if stands {
            Body::BuergschaftZurueckgezogen
        } else {
            Body::BuergschaftGegeben
        };
        let event = self.event(StreamId::Role(other), Some(role), None, Some(tie), body);
        if stands {
            if let Some(row) = self.threads.get_mut(&tie.thread) {
                (row.faded_at, row.last) = (Some(event.at), event.id);
            }
        } else {
            self.draw(tie, &event);
        }
        self.turn(role, &event);
        if let Some(other) = self.roles.get_mut(&other) {
            other.last = event.id;
        }
        self.log(event);
    }

    fn knot(&mut self, role: RoleId, id: NodeId, place: usize) {
        let tie = Tie::new(role, ThreadKind::Create, id);
        let event = self.event(
            StreamId::Node(id),
            Some(role),
            Some(CELLS[place]),
            Some(tie),
            Body::KnotenGeknuepft {
                kind: NodeKind::Idea,
                title: Personal::open(role, "c"),
                text: Personal::open(role, ""),
                place: PLACES[place],
                starts_at: None,
                particulars: Particulars::default(),
            },
        );
        let row = NodeRow {
            id,
            kind: NodeKind::Idea,
            title: format!("knot {}", event.id),
            text: String::new(),
            place: PLACES[place],
            owner: role,
            owner_name: self.roles[&role].name.clone(),
            version: 1,
            created_at: event.at,
            starts_at: None,
            particulars: Particulars::default(),
            holds_until: event.at,
            yarns: BTreeMap::new(),
            pictures: Vec::new(),
            covers: Vec::new(),
            dissolved_at: None,
            last: event.id,
        };
        self.nodes.insert(id, (place, row));
        self.draw(tie, &event);
        self.turn(role, &event);
        self.log(event);
    }

    /// Its owner gives it other words, or another place, and with it all threads to it another end; or it becomes something else.
    fn change(&mut self, id: NodeId, place: Option<usize>, kind: Option<NodeKind>) {
        let (before, row) = &self.nodes[&id];
        let (before, role) = (*before, row.owner);
        let now = place.unwrap_or(before);
        // Some are moved by the system, without a word and without a thread.
        let by = (kind.is_some() || place.is_none() || self.head() % 3 > 0).then_some(role);
        let tie = by.map(|role| Tie::new(role, ThreadKind::Change, id));
        let event = self.event(
            StreamId::Node(id),
            by,
            Some(CELLS[now]),
            tie,
            Body::KnotenGeaendert {
                kind,
                title: by.map(|role| Personal::open(role, "d")),
                text: None,
                place: place.map(|place| PLACES[place]),
                starts_at: None,
                particulars: ParticularsChange::default(),
                left: (now != before).then_some(CELLS[before]),
            },
        );
        if let Some((place, row)) = self.nodes.get_mut(&id) {
            *place = now;
            row.place = PLACES[now];
            row.turn_into(kind);
            if by.is_some() {
                row.title = format!("changed {}", event.id);
            }
            row.version += 1;
            row.last = event.id;
        }
        if now != before {
            for row in self.threads.values_mut() {
                if row.target == Target::Node(id) {
                    (row.to, row.last) = (Some(PLACES[now]), event.id);
                }
            }
        }
        if let Some(tie) = tie {
            self.draw(tie, &event);
            self.turn(role, &event);
        }
        self.log(event);
    }

    /// Who ever drew a thread to the knot, up to `position`.
    pub(crate) fn tied(&self, node: NodeId, position: i64) -> BTreeSet<RoleId> {
        let events = self.log.iter().take_while(|event| event.id <= position);
        events
            .filter_map(|event| event.tie)
            .filter(|tie| tie.to == Target::Node(node))
            .map(|tie| tie.from)
            .collect()
    }

    fn act(&mut self, role: RoleId, node: NodeId, body: Body) {
        let kind = if self.nodes[&node].1.owner == role {
            ThreadKind::Create
        } else {
            ThreadKind::Join
        };
        let tie = Tie::new(role, kind, node);
        let by = (!matches!(body, Body::FadenVerfallen { .. })).then_some(role);
        let row = self.threads.get(&tie.thread);
        let is_there = row.is_some_and(|row| row.faded_at.is_none());
        let is_yarn = is_there && row.is_some_and(|row| row.expires_at.is_none());
        let is_possible = match body {
            Body::KnotenBeigetreten { .. } => true,
            Body::GarnDeckungGeaendert { .. } => is_yarn,
            _ => is_there,
        };
        if !is_possible {
            return self.rename(role);
        }
        let cell = CELLS[self.nodes[&node].0];
        let event = self.event(
            StreamId::Thread(tie.thread),
            by,
            Some(cell),
            Some(tie),
            body,
        );
        match event.payload {
            Body::KnotenBeigetreten { level } => {
                self.draw(tie, &event);
                if let Some(row) = self.threads.get_mut(&tie.thread) {
                    row.level = Some(level);
                }
            }
            Body::GarnDeckungGeaendert { ref covers } => {
                if let Some(row) = self.threads.get_mut(&tie.thread) {
                    row.last = event.id;
                }
                if let Some((_, row)) = self.nodes.get_mut(&node) {
                    row.covers.retain(|known| known.thread != tie.thread);
                    row.covers.push(Covering {
                        thread: tie.thread,
                        covers: covers.clone(),
                    });
                    row.last = event.id;
                }
            }
            Body::FadenVerzwirnt { .. } => {
                if let Some(row) = self.threads.get_mut(&tie.thread) {
                    (row.expires_at, row.last) = (None, event.id);
                }
                if let Some((_, row)) = self.nodes.get_mut(&node) {
                    row.yarns.insert(tie.thread, role);
                    row.last = event.id;
                }
            }
            _ => {
                if let Some(row) = self.threads.get_mut(&tie.thread) {
                    (row.faded_at, row.last) = (Some(event.at), event.id);
                }
            }
        }
        if by.is_some() {
            self.turn(role, &event);
        }
        self.log(event);
    }

    fn say(&mut self, role: RoleId, node: NodeId, random: &mut Random) {
        if !(0..TALKS).map(node_of).any(|talk| talk == node) {
            return self.act(role, node, joined(random));
        }
        let tie = Tie::new(role, ThreadKind::Talk, node);
        let id = MessageId(Uuid::from_u128(1000 + self.head().unsigned_abs() as u128));
        // Also one that the room shows no more.
        let said = self.said.get(&node).map_or(&[][..], Vec::as_slice);
        let answered = (!said.is_empty() && random.percent(50))
            .then(|| &said[random.below(said.len())])
            .filter(|row| !row.is_withdrawn)
            .map(Quoted::from);
        let event = self.event(
            StreamId::Message(id),
            Some(role),
            Some(CELLS[self.nodes[&node].0]),
            Some(tie),
            Body::NachrichtGesendet {
                text: Personal::open(role, "e"),
                reply_to: answered.as_ref().map(|quoted| quoted.id),
            },
        );
        let said = self.said.entry(node).or_default();
        said.push(MessageRow {
            id,
            node,
            nth: said.len() as u32 + 1,
            role,
            role_name: self.roles[&role].name.clone(),
            text: format!("word {}", event.id),
            said_at: event.at,
            changed_at: None,
            is_withdrawn: false,
            reply_to: answered,
            last: event.id,
        });
        self.draw(tie, &event);
        self.turn(role, &event);
        self.log(event);
    }

    /// Somebody changes or takes back what they said, if that still stands.
    fn say_otherwise(&mut self, role: RoleId, node: NodeId, random: &mut Random) {
        let said = self.said.get(&node).map_or(&[][..], Vec::as_slice);
        let own: Vec<MessageId> = said
            .iter()
            .filter(|row| row.role == role && !row.is_withdrawn)
            .map(|row| row.id)
            .collect();
        if own.is_empty() {
            return self.say(role, node, random);
        }
        let id = own[random.below(own.len())];
        let takes_back = random.percent(30);
        let body = if takes_back {
            Body::NachrichtZurueckgezogen { node }
        } else {
            let text = Personal::open(role, "f");
            Body::NachrichtGeaendert { node, text }
        };
        let cell = CELLS[self.nodes[&node].0];
        let event = self.event(StreamId::Message(id), Some(role), Some(cell), None, body);
        let rows = self.said.entry(node).or_default();
        if takes_back {
            withdraw(rows, id);
        } else {
            reword(rows, id, &format!("changed {}", event.id), event.at);
        }
        for row in rows.iter_mut().filter(|row| row.id == id) {
            row.last = event.id;
        }
        self.turn(role, &event);
        self.log(event);
    }

    fn dissolve(&mut self, id: NodeId) {
        let Some(place) = self.nodes.get(&id).map(|(place, _)| *place) else {
            return;
        };
        let event = self.event(
            StreamId::Node(id),
            None,
            Some(CELLS[place]),
            None,
            Body::KnotenAufgeloest { due: None },
        );
        if let Some((_, row)) = self.nodes.get_mut(&id) {
            (row.dissolved_at, row.last) = (Some(event.at), event.id);
        }
        self.log(event);
    }

    fn draw(&mut self, tie: Tie, event: &Event) {
        let role = &self.roles[&tie.from];
        let to = match tie.to {
            Target::Node(id) => Some(self.nodes[&id].1.place),
            Target::Role(id) => self.roles[&id].spool.map(|place| PLACES[place]),
        };
        let row = ThreadRow {
            id: tie.thread,
            kind: tie.kind,
            role: tie.from,
            role_name: role.name.clone(),
            target: tie.to,
            from: role.spool.map(|place| PLACES[place]),
            to,
            version: 1,
            acts: 1,
            level: None,
            since: None,
            drawn_at: event.at,
            expires_at: Some(event.at + 7),
            faded_at: None,
            last: event.id,
        };
        self.threads.insert(tie.thread, row);
    }

    fn turn(&mut self, id: RoleId, event: &Event) {
        if let Some(role) = self.roles.get_mut(&id) {
            (role.acted_at, role.last) = (event.at, event.id);
        }
    }

    fn note_spool(&mut self, id: RoleId, spool: Option<usize>) {
        let next = self.head() + 1;
        self.spools.entry(id).or_default().push((next, spool));
    }

    fn event(
        &self,
        stream: StreamId,
        by: Option<RoleId>,
        cell: Option<Cell>,
        tie: Option<Tie>,
        payload: Body,
    ) -> Event {
        let id = self.head() + 1;
        Event {
            id,
            at: cursor(id).at,
            v: EVENT_VERSION,
            stream,
            stream_version: 1,
            actor: by.map_or_else(
                || Actor::System {
                    because: "it was time".to_owned(),
                },
                |role| Actor::Role { role },
            ),
            command_id: CommandId(Uuid::from_u128(id.unsigned_abs().into())),
            causation_id: None,
            correlation_id: id,
            cell,
            tie,
            payload,
        }
    }

    /// Writes the event, and what every room shows after it.
    fn log(&mut self, event: Event) {
        let id = event.id;
        self.log.push(event);
        // Rooms that contain the same places show the same, those that count at the same resolution as well.
        let mut looked: BTreeMap<(Option<u8>, &[bool]), Arc<CellView>> = BTreeMap::new();
        for (room, inside) in INSIDE.iter() {
            let counted_at = room.is_count_room().then(|| room.counted_at());
            let view = looked
                .entry((counted_at, inside))
                .or_insert_with(|| Arc::new(self.look(counted_at, inside)));
            note(&mut self.views, RoomId::Cell(*room), id, view);
        }
        for (node, said) in &self.said {
            let newest = &said[said.len().saturating_sub(RECENT)..];
            let view = Arc::new(CellView {
                messages: newest.to_vec(),
                ..CellView::default()
            });
            note(&mut self.views, RoomId::Talk(*node), id, &view);
        }
    }

    fn look(&self, counted_at: Option<u8>, inside: &[bool]) -> CellView {
        if let Some(resolution) = counted_at {
            return self.count(resolution, inside);
        }
        let at = |place: Place| {
            PLACES
                .iter()
                .position(|known| *known == place)
                .is_some_and(|place| inside[place])
        };
        let nodes = self
            .nodes
            .values()
            .filter(|(place, row)| inside[*place] && row.dissolved_at.is_none());
        let threads = self
            .threads
            .values()
            .filter(|row| row.faded_at.is_none())
            .filter(|row| [row.from, row.to].into_iter().flatten().any(at));
        let spools = self.roles.iter().filter_map(|(id, role)| {
            let place = role.spool.filter(|place| inside[*place])?;
            let row = SpoolRow {
                role: *id,
                name: role.name.clone(),
                place: PLACES[place],
                radius: None,
                acted_at: role.acted_at,
                last: role.last,
            };
            Some((*id, row))
        });
        CellView {
            nodes: nodes.map(|(_, row)| (row.id, row.clone())).collect(),
            threads: threads.map(|row| (row.id, row.clone())).collect(),
            spools: spools.collect(),
            ..CellView::default()
        }
    }

    fn count(&self, resolution: u8, inside: &[bool]) -> CellView {
        let mut counts: BTreeMap<Cell, BTreeMap<NodeKind, u32>> = BTreeMap::new();
        for (place, row) in self.nodes.values() {
            if inside[*place] && row.dissolved_at.is_none() {
                let kinds = counts.entry(CELLS[*place].parent(resolution));
                *kinds.or_default().entry(row.kind).or_default() += 1;
            }
        }
        let row = |(cell, kinds): (Cell, BTreeMap<NodeKind, u32>)| CountRow {
            cell,
            kinds: kinds.into_iter().collect(),
        };
        CellView {
            counts: counts.into_iter().map(row).collect(),
            ..CellView::default()
        }
    }
}

/// The room shows `view` from `position` on.
fn note(
    views: &mut BTreeMap<RoomId, Vec<(i64, Arc<CellView>)>>,
    room: RoomId,
    position: i64,
    view: &Arc<CellView>,
) {
    if let Some(views) = views.get_mut(&room)
        && views.last().is_none_or(|(_, shown)| *shown != *view)
    {
        views.push((position, Arc::clone(view)));
    }
}

fn placed(spool: Option<usize>) -> Placed {
    if spool.is_some() {
        Placed::Exact
    } else {
        Placed::Hidden
    }
}

fn joined(random: &mut Random) -> Body {
    let level = JoinLevel::ALL[random.below(JoinLevel::ALL.len())];
    Body::KnotenBeigetreten { level }
}

fn covered(random: &mut Random) -> Body {
    let covers = [Covers::ALL, Covers::USUAL, Covers::NOTHING][random.below(3)].clone();
    Body::GarnDeckungGeaendert { covers }
}
