//! The weave as the log says, folded in the plainest way: one state for everything, every row made at the end.

use std::collections::BTreeMap;

use domain::event::{Body, Event};
use domain::id::{NodeId, RoleId, ThreadId};
use domain::personal::Personal;
use domain::place::{Cell, Offset, Place, Radius};
use domain::spool::Placed;
use domain::state::{Facts, State, States, StreamId};
use domain::talk::{MessageRow, Quoted, RECENT_MAX};
use domain::time::Millis;
use domain::view::{CellView, CountRow, NodeRow, SpoolRow, ThreadRow};
use domain::weave::{NodeKind, Particulars, Picture, Target};
use domain::wire::RoomId;
use sqlx::PgConnection;

/// Where spools are shown, from the one table that knows.
pub(crate) async fn published(connection: &mut PgConnection) -> BTreeMap<RoleId, (Placed, Place)> {
    type Row = (
        uuid::Uuid,
        String,
        Option<i16>,
        Option<i32>,
        Option<i32>,
        Vec<i32>,
        Vec<i32>,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT role, show, radius_m, lat, lon, east_ppm, north_ppm FROM places_private",
    )
    .fetch_all(connection)
    .await
    .expect("places");
    rows.into_iter()
        .filter_map(|(role, show, radius_m, lat, lon, east, north)| {
            let point = Place {
                lat: lat?,
                lon: lon?,
            };
            let shown = if show == "exact" {
                (Placed::Exact, point)
            } else {
                let radius = Radius::from_metres(radius_m?.cast_unsigned())?;
                let nth = Radius::ALL.iter().position(|known| *known == radius)?;
                let offset = Offset {
                    east_ppm: east[nth],
                    north_ppm: north[nth],
                };
                (
                    Placed::Radius { radius },
                    point.displaced(radius, offset).expect("a point"),
                )
            };
            Some((RoleId(role), shown))
        })
        .collect()
}

/// Everything that holds.
#[derive(Default)]
pub(crate) struct Naive {
    states: States,
    names: BTreeMap<RoleId, String>,
    acted: BTreeMap<RoleId, Millis>,
    /// What happened to a role last, or what it did.
    role_last: BTreeMap<RoleId, i64>,
    knots: BTreeMap<NodeId, Event>,
    drawn: BTreeMap<ThreadId, Vec<Millis>>,
    said: BTreeMap<NodeId, Vec<Event>>,
    /// What came of each message after it was said, in order.
    afterwards: BTreeMap<StreamId, Vec<Event>>,
    pictures: BTreeMap<NodeId, Vec<Picture>>,
    node_last: BTreeMap<NodeId, i64>,
    thread_last: BTreeMap<ThreadId, i64>,
}

impl Naive {
    pub(crate) fn of(log: &[Event]) -> Self {
        let mut naive = Self::default();
        for event in log {
            naive.fold(event);
        }
        naive
    }

    fn fold(&mut self, event: &Event) {
        let before = self.states.clone();
        self.states.evolve(event);
        if let Some(role) = event.actor.role() {
            self.acted.insert(role, event.at);
            self.role_last.insert(role, event.id);
        }
        if let StreamId::Role(role) = event.stream {
            self.role_last.insert(role, event.id);
        }
        if let (
            Some(tie),
            Body::KnotenGeknuepft { .. }
            | Body::KnotenGeaendert { .. }
            | Body::BildHinzugefuegt { .. }
            | Body::BildEntfernt { .. }
            | Body::KnotenBeigetreten { .. }
            | Body::NachrichtGesendet { .. }
            | Body::BuergschaftGegeben,
        ) = (event.tie, &event.payload)
        {
            let drawn = self.drawn.entry(tie.thread).or_default();
            // What had faded begins anew.
            if before
                .thread(tie.thread)
                .is_none_or(|thread| thread.faded_at(event.at).is_some())
            {
                drawn.clear();
            }
            drawn.push(event.at);
        }
        if let (StreamId::Node(id), Body::KnotenGeknuepft { .. }) = (event.stream, &event.payload) {
            self.knots.insert(id, event.clone());
        }
        if let (StreamId::Node(id), Body::StrukturGegruendet { structure, place }) =
            (event.stream, &event.payload)
        {
            // As if nobody had knotted it.
            let open = |text: &str| Personal::open(RoleId::COMMUNITY, text);
            self.names.insert(RoleId::COMMUNITY, String::new());
            let payload = Body::KnotenGeknuepft {
                particulars: Particulars::default(),
                kind: NodeKind::Structure,
                title: open(structure.title()),
                text: open(""),
                place: *place,
                starts_at: None,
            };
            self.knots.insert(
                id,
                Event {
                    payload,
                    ..event.clone()
                },
            );
        }
        if let (Some(node), Body::NachrichtGesendet { .. }) =
            (event.tie.and_then(|tie| tie.to.node()), &event.payload)
        {
            self.said.entry(node).or_default().push(event.clone());
        }
        if let Body::NachrichtGeaendert { .. } | Body::NachrichtZurueckgezogen { .. } =
            &event.payload
        {
            let events = self.afterwards.entry(event.stream).or_default();
            events.push(event.clone());
        }
        match (event.stream, &event.payload) {
            (StreamId::Node(id), Body::BildHinzugefuegt { picture, alt }) => {
                let alt = alt.as_ref().map(|alt| alt.readable().expect("opened"));
                self.pictures.entry(id).or_default().push(Picture {
                    id: *picture,
                    alt: alt.unwrap_or_default().to_owned(),
                });
            }
            (StreamId::Node(id), Body::BildEntfernt { picture }) => {
                let shown = self.pictures.get_mut(&id).expect("it shows some");
                shown.retain(|shown| shown.id != *picture);
            }
            _ => {}
        }
        let mut moved_knot = None;
        if let (
            StreamId::Node(id),
            Body::KnotenGeaendert {
                kind,
                title,
                text,
                place,
                starts_at,
                particulars,
                ..
            },
        ) = (event.stream, &event.payload)
            && let Some(Body::KnotenGeknuepft {
                kind: own_kind,
                title: own_title,
                text: own_text,
                place: own_place,
                starts_at: own_start,
                particulars: own_particulars,
                ..
            }) = self.knots.get_mut(&id).map(|knot| &mut knot.payload)
        {
            *own_title = title.as_ref().unwrap_or(own_title).clone();
            *own_text = text.as_ref().unwrap_or(own_text).clone();
            if let Some(kind) = kind {
                (*own_kind, *own_start) = (*kind, None);
                *own_particulars = Particulars::default();
            }
            *own_start = starts_at.or(*own_start);
            own_particulars.change(particulars);
            let place = place.unwrap_or(*own_place);
            moved_knot = (place != *own_place).then_some(id);
            *own_place = place;
        }
        if let Body::RolleRegistriert { name, .. } | Body::RolleUmbenannt { name } = &event.payload
        {
            self.names
                .insert(name.of, name.readable().expect("opened").to_owned());
        }
        for (stream, state) in &self.states.0 {
            let changed = before.0.get(stream) != Some(state);
            let (renamed, moved, placed) = match (&event.payload, event.stream) {
                (Body::RolleUmbenannt { .. }, StreamId::Role(role)) => {
                    (Some(role), Some(role), None)
                }
                (Body::RollePlatziert { .. }, StreamId::Role(role)) => {
                    (None, Some(role), Some(role))
                }
                _ => (None, None, None),
            };
            match (stream, state) {
                (StreamId::Node(id), State::Node(node))
                    if changed || renamed == Some(node.owner) =>
                {
                    self.node_last.insert(*id, event.id);
                }
                (StreamId::Thread(id), State::Thread(thread))
                    if changed
                        || moved == Some(thread.owner)
                        || moved_knot.is_some_and(|id| thread.target == Target::Node(id))
                        || placed.is_some_and(|id| thread.target == Target::Role(id)) =>
                {
                    self.thread_last.insert(*id, event.id);
                }
                _ => {}
            }
        }
    }

    /// What a room shows.
    pub(crate) fn room(
        &self,
        room: RoomId,
        published: &BTreeMap<RoleId, (Placed, Place)>,
    ) -> CellView {
        let cell = match room {
            RoomId::Cell(cell) => cell,
            RoomId::Talk(node) => return self.conversation(node),
        };
        if cell.is_count_room() {
            return self.counted(cell);
        }
        let mut view = CellView::default();
        for (stream, state) in &self.states.0 {
            match (stream, state) {
                (StreamId::Node(id), State::Node(node)) if node.dissolved_at.is_none() => {
                    let row = self.node(*id);
                    if cell.contains(row.place.cell()) {
                        view.nodes.insert(*id, row);
                    }
                }
                (StreamId::Thread(id), State::Thread(thread)) if thread.faded_at.is_none() => {
                    let row = self.thread(*id, published);
                    let ends = [row.to, row.from];
                    if ends
                        .into_iter()
                        .flatten()
                        .any(|end| cell.contains(end.cell()))
                    {
                        view.threads.insert(*id, row);
                    }
                }
                (StreamId::Role(id), State::Role(_)) => {
                    if let Some((placed, place)) = published.get(id)
                        && cell.contains(place.cell())
                    {
                        let (acted_at, last) = (self.acted[id], self.role_last[id]);
                        let radius = match placed {
                            Placed::Radius { radius } => Some(*radius),
                            Placed::Hidden | Placed::Exact => None,
                        };
                        let name = self.names[id].clone();
                        let row = SpoolRow {
                            role: *id,
                            name,
                            place: *place,
                            radius,
                            acted_at,
                            last,
                        };
                        view.spools.insert(*id, row);
                    }
                }
                _ => {}
            }
        }
        view
    }

    /// The rooms of all conversations, the empty ones too.
    pub(crate) fn conversations(&self) -> impl Iterator<Item = RoomId> {
        self.knots.keys().copied().map(RoomId::Talk)
    }

    fn conversation(&self, node: NodeId) -> CellView {
        let said = self.said.get(&node).map_or(&[][..], Vec::as_slice);
        let newest = said.len().saturating_sub(RECENT_MAX.into());
        let mut view = CellView::default();
        for (nth, event) in (1..).zip(said).skip(newest) {
            view.messages.push(self.message(node, nth, event));
        }
        view
    }

    fn message(&self, node: NodeId, nth: u32, event: &Event) -> MessageRow {
        let (StreamId::Message(id), Some(tie), Body::NachrichtGesendet { text, reply_to }) =
            (event.stream, event.tie, &event.payload)
        else {
            panic!("no message")
        };
        let mut row = MessageRow {
            id,
            node,
            nth,
            role: tie.from,
            role_name: self.names[&tie.from].clone(),
            text: text.readable().expect("opened").to_owned(),
            said_at: event.at,
            changed_at: None,
            is_withdrawn: false,
            reply_to: None,
            last: event.id,
        };
        for later in self.afterwards.get(&event.stream).into_iter().flatten() {
            row.last = later.id;
            if let Body::NachrichtGeaendert { text, .. } = &later.payload {
                text.readable().expect("opened").clone_into(&mut row.text);
                row.changed_at = Some(later.at);
            } else {
                row.text.clear();
                (row.changed_at, row.is_withdrawn) = (None, true);
            }
        }
        row.reply_to = reply_to.map(|answered| {
            let all = &self.said[&node];
            let is_it = |event: &&Event| event.stream == StreamId::Message(answered);
            let event = all.iter().find(is_it).expect("what is answered");
            let row = self.message(node, 0, event);
            Quoted {
                id: row.id,
                role: row.role,
                role_name: row.role_name,
                text: row.text.chars().take(120).collect(),
                is_withdrawn: row.is_withdrawn,
            }
        });
        row
    }

    fn counted(&self, room: Cell) -> CellView {
        let mut counts: BTreeMap<Cell, BTreeMap<_, u32>> = BTreeMap::new();
        for (stream, state) in &self.states.0 {
            if let (StreamId::Node(id), State::Node(node)) = (stream, state)
                && node.dissolved_at.is_none()
            {
                let row = self.node(*id);
                if room.contains(row.place.cell()) {
                    let cell = row.place.cell().parent(room.resolution() + 2);
                    *counts.entry(cell).or_default().entry(row.kind).or_default() += 1;
                }
            }
        }
        let counts = counts.into_iter().map(|(cell, kinds)| CountRow {
            cell,
            kinds: kinds.into_iter().collect(),
        });
        CellView {
            counts: counts.collect(),
            ..CellView::default()
        }
    }

    fn node(&self, id: NodeId) -> NodeRow {
        let (Some(State::Node(state)), event) =
            (self.states.0.get(&StreamId::Node(id)), &self.knots[&id])
        else {
            panic!("no state of {id}")
        };
        let Body::KnotenGeknuepft {
            kind,
            title,
            text,
            place,
            starts_at,
            particulars,
        } = &event.payload
        else {
            panic!("no knot")
        };
        NodeRow {
            id,
            kind: *kind,
            title: title.readable().expect("opened").to_owned(),
            text: text.readable().expect("opened").to_owned(),
            place: *place,
            owner: state.owner,
            owner_name: self.names[&state.owner].clone(),
            version: state.version,
            created_at: event.at,
            starts_at: *starts_at,
            particulars: particulars.clone(),
            holds_until: state.holds_until,
            yarns: state.yarns.clone(),
            pictures: self.pictures.get(&id).cloned().unwrap_or_default(),
            covers: state.covers.clone(),
            dissolved_at: state.dissolved_at,
            last: self.node_last[&id],
        }
    }

    fn thread(&self, id: ThreadId, published: &BTreeMap<RoleId, (Placed, Place)>) -> ThreadRow {
        let Some(State::Thread(state)) = self.states.0.get(&StreamId::Thread(id)) else {
            panic!("no state of {id}")
        };
        ThreadRow {
            id,
            kind: state.kind,
            role: state.owner,
            role_name: self.names[&state.owner].clone(),
            target: state.target,
            from: published.get(&state.owner).map(|(_, place)| *place),
            to: match state.target {
                Target::Node(id) => Some(self.node(id).place),
                Target::Role(id) => published.get(&id).map(|(_, place)| *place),
            },
            version: state.version,
            acts: state.acts,
            level: state.level,
            since: self.drawn[&id]
                .first()
                .copied()
                .filter(|_| self.drawn[&id].len() > 1),
            drawn_at: *self.drawn[&id].last().expect("an act"),
            expires_at: state.expires_at,
            faded_at: state.faded_at,
            last: self.thread_last[&id],
        }
    }
}
