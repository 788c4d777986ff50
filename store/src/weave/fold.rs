//! What an event does to the rows of the weave. No I/O: the rows at hand are loaded before and written after.

use std::collections::BTreeMap;

use domain::event::{Body, Event, Tie};
use domain::id::{NodeId, PictureId, RoleId, ThreadId};
use domain::personal::Personal;
use domain::place::Place;
use domain::spool::Placed;
use domain::state::{State, States, StreamId};
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{NodeKind, Particulars, Picture, Structure, Target};

use super::changes::{Changes, Extent};
use super::rows::RoleRow;

/// How a role is shown now, and its published point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) placed: Placed,
    pub(super) place: Option<Place>,
}

/// The rows that events touch.
#[derive(Debug, Default)]
pub(super) struct Loom {
    /// What is not in here is in no table either.
    pub(super) is_whole: bool,
    pub(super) nodes: BTreeMap<NodeId, NodeRow>,
    pub(super) threads: BTreeMap<ThreadId, ThreadRow>,
    pub(super) roles: BTreeMap<RoleId, RoleRow>,
    /// What of the above carries a role's name, or the place of what a thread leads to.
    nodes_of: BTreeMap<RoleId, Vec<NodeId>>,
    threads_of: BTreeMap<RoleId, Vec<ThreadId>>,
    threads_to: BTreeMap<Target, Vec<ThreadId>>,
    /// Of the roles that register or move in this batch.
    pub(super) published: BTreeMap<RoleId, Published>,
    pub(super) nodes_changed: Changes<NodeId>,
    pub(super) threads_changed: Changes<ThreadId>,
    pub(super) roles_changed: Changes<RoleId>,
}

impl Loom {
    /// One that begins with empty tables.
    pub(super) fn whole() -> Self {
        Self {
            is_whole: true,
            ..Self::default()
        }
    }

    /// How many rows are in here.
    pub(super) fn rows(&self) -> usize {
        self.nodes.len() + self.threads.len() + self.roles.len()
    }

    /// Takes a row in that is not in here.
    pub(super) fn hold_node(&mut self, row: NodeRow) {
        self.nodes_of.entry(row.owner).or_default().push(row.id);
        self.nodes.insert(row.id, row);
    }

    /// Takes a row in that is not in here.
    pub(super) fn hold_thread(&mut self, row: ThreadRow) {
        self.threads_of.entry(row.role).or_default().push(row.id);
        self.threads_to.entry(row.target).or_default().push(row.id);
        self.threads.insert(row.id, row);
    }

    /// What changed has been written.
    pub(super) fn forget_changes(&mut self) {
        self.nodes_changed = Changes::default();
        self.threads_changed = Changes::default();
        self.roles_changed = Changes::default();
    }

    /// Folds one event, with its texts opened, into the rows.
    pub(super) fn fold(&mut self, event: &Event) {
        match &event.payload {
            Body::RolleRegistriert { name, .. } => self.register(name, event),
            Body::RolleUmbenannt { name } => {
                self.role(event, |role, _| {
                    role.name = text(name);
                });
                self.carry_name(name.of, event.id);
                self.carry_to_threads(name.of, event.id);
            }
            Body::RollePlatziert { .. } => {
                if let StreamId::Role(id) = event.stream {
                    self.role(event, |role, published| {
                        (role.placed, role.place) = (published.placed, published.place);
                    });
                    self.carry_to_threads(id, event.id);
                    let place = self.roles.get(&id).and_then(|role| role.place);
                    self.carry_place(id.into(), place, event.id);
                }
            }
            // Its words are a row of their own, and so is where it stands.
            Body::RolleBeschrieben { .. }
            | Body::RolleBebildert { .. }
            | Body::WeberBestaetigt { .. }
            | Body::RechtVergeben { .. }
            | Body::RechtEntzogen { .. } => self.role(event, |_, _| {}),
            Body::BuergschaftGegeben | Body::BuergschaftZurueckgezogen => {
                self.role(event, |_, _| {});
                self.weave(event);
            }
            Body::BuergschaftenFestgelegt { .. } | Body::GemeinschaftBeschrieben { .. } => {}
            // Of the weave nothing changed but who acts.
            Body::NachrichtGeaendert { .. } | Body::NachrichtZurueckgezogen { .. } => {}
            Body::KnotenGeknuepft { .. }
            | Body::StrukturGegruendet { .. }
            | Body::KnotenBeigetreten { .. }
            | Body::NachrichtGesendet { .. }
            | Body::FadenVerzwirnt { .. }
            | Body::FadenEntzwirnt
            | Body::GarnDeckungGeaendert { .. }
            | Body::FadenVerfallen { .. }
            | Body::KnotenAufgeloest { .. } => self.weave(event),
            Body::BildHinzugefuegt { picture, alt } => {
                self.show_picture(event, *picture, Some(Picture::told(*picture, alt.as_ref())));
            }
            Body::BildEntfernt { picture } => self.show_picture(event, *picture, None),
            Body::KnotenGeaendert {
                kind,
                title,
                text,
                place,
                starts_at,
                particulars,
                ..
            } => {
                // The facts evolve from the row as it was.
                let facts = self.evolved(event);
                if let StreamId::Node(id) = event.stream
                    && let Some(row) = self.nodes.get_mut(&id)
                {
                    let before = row.place;
                    let said = (*starts_at, particulars);
                    row.change(*kind, title.as_ref(), text.as_ref(), *place, said);
                    let place = row.place;
                    if place != before {
                        self.carry_place(id.into(), Some(place), event.id);
                    }
                }
                self.take(&facts, event);
            }
        }
        self.turn(event);
    }

    fn show_picture(&mut self, event: &Event, id: PictureId, shown: Option<Picture>) {
        let facts = self.evolved(event);
        if let StreamId::Node(node) = event.stream
            && let Some(row) = self.nodes.get_mut(&node)
        {
            row.show_picture(id, shown);
        }
        self.take(&facts, event);
    }

    fn register(&mut self, name: &Personal, event: &Event) {
        let published = self.published(name.of);
        self.roles.insert(
            name.of,
            RoleRow {
                role: name.of,
                name: text(name),
                version: event.stream_version,
                placed: published.placed,
                place: published.place,
                registered_at: event.at,
                acted_at: event.at,
                last: event.id,
            },
        );
        self.roles_changed.note(name.of, Extent::Whole);
    }

    fn role(&mut self, event: &Event, change: impl FnOnce(&mut RoleRow, Published)) {
        let StreamId::Role(id) = event.stream else {
            return;
        };
        let published = self.published(id);
        if let Some(role) = self.roles.get_mut(&id) {
            role.version = event.stream_version;
            change(role, published);
            role.last = event.id;
            self.roles_changed.note(id, Extent::Whole);
        }
    }

    fn published(&self, role: RoleId) -> Published {
        self.published.get(&role).copied().unwrap_or(Published {
            placed: Placed::Hidden,
            place: None,
        })
    }

    /// Carries a role's name and published point into all their threads. Their `last` is raised also where
    /// nothing differs: what is published is today's, and a rebuild, which knows it from the start, must come
    /// to the same rows.
    fn carry_to_threads(&mut self, id: RoleId, last: i64) {
        let Some(role) = self.roles.get(&id) else {
            return;
        };
        for thread in self.threads_of.get(&id).into_iter().flatten() {
            let Some(thread) = self.threads.get_mut(thread) else {
                continue;
            };
            role.name.clone_into(&mut thread.role_name);
            (thread.from, thread.last) = (role.place, last);
            self.threads_changed.note(thread.id, Extent::Whole);
        }
    }

    /// Carries a role's name into all their knots.
    fn carry_name(&mut self, id: RoleId, last: i64) {
        let Some(role) = self.roles.get(&id) else {
            return;
        };
        for node in self.nodes_of.get(&id).into_iter().flatten() {
            let Some(node) = self.nodes.get_mut(node) else {
                continue;
            };
            role.name.clone_into(&mut node.owner_name);
            node.last = last;
            self.nodes_changed.note(node.id, Extent::Whole);
        }
    }

    /// Carries a knot's place, or a role's published point, into all threads to it, the faded ones too.
    fn carry_place(&mut self, target: Target, place: Option<Place>, last: i64) {
        for thread in self.threads_to.get(&target).into_iter().flatten() {
            let Some(thread) = self.threads.get_mut(thread) else {
                continue;
            };
            (thread.to, thread.last) = (place, last);
            self.threads_changed.note(thread.id, Extent::Whole);
        }
    }

    /// Lets the domain evolve the facts of the rows that the event names, and takes over what changed.
    fn weave(&mut self, event: &Event) {
        let states = self.evolved(event);
        self.take(&states, event);
    }

    /// The facts of the rows that the event names, after it.
    fn evolved(&self, event: &Event) -> States {
        let node = named_node(event);
        let thread = event.tie.map(|tie| tie.thread);
        let mut states = States::default();
        if let Some(row) = node.and_then(|id| self.nodes.get(&id)) {
            states
                .0
                .insert(StreamId::Node(row.id), State::Node(row.facts()));
        }
        if let Some(row) = thread.and_then(|id| self.threads.get(&id)) {
            states
                .0
                .insert(StreamId::Thread(row.id), State::Thread(row.facts()));
        }
        states.evolve(event);
        states
    }

    fn take(&mut self, states: &States, event: &Event) {
        if let Some(id) = named_node(event) {
            self.take_node(id, states, event);
        }
        if let Some(tie) = event.tie {
            self.take_thread(tie, states, event);
        }
    }

    fn take_node(&mut self, id: NodeId, states: &States, event: &Event) {
        let Some(State::Node(facts)) = states.0.get(&StreamId::Node(id)) else {
            return;
        };
        if let Body::KnotenGeknuepft {
            kind,
            title,
            text: body,
            place,
            starts_at,
            particulars,
        } = &event.payload
        {
            let row = NodeRow {
                id,
                kind: *kind,
                title: text(title),
                text: text(body),
                place: *place,
                owner: facts.owner,
                owner_name: self.name(facts.owner),
                version: 0,
                created_at: event.at,
                starts_at: *starts_at,
                particulars: particulars.clone(),
                holds_until: event.at,
                yarns: BTreeMap::new(),
                pictures: Vec::new(),
                covers: Vec::new(),
                dissolved_at: None,
                last: event.id,
            };
            self.hold_node(row);
        }
        if let Body::StrukturGegruendet { structure, place } = &event.payload {
            self.hold_node(founded(id, *structure, *place, event));
        }
        // A change raises the version, so that it is seen here also where it changes words alone.
        if let Some(row) = self.nodes.get_mut(&id)
            && row.facts() != *facts
        {
            row.version = facts.version;
            row.holds_until = facts.holds_until;
            row.yarns.clone_from(&facts.yarns);
            row.covers.clone_from(&facts.covers);
            row.dissolved_at = facts.dissolved_at;
            row.last = event.id;
            let extent = match event.payload {
                Body::KnotenGeknuepft { .. }
                | Body::KnotenGeaendert { .. }
                | Body::BildHinzugefuegt { .. }
                | Body::BildEntfernt { .. }
                | Body::StrukturGegruendet { .. } => Extent::Whole,
                _ => Extent::Facts,
            };
            self.nodes_changed.note(id, extent);
        }
    }

    fn take_thread(&mut self, tie: Tie, states: &States, event: &Event) {
        let Some(State::Thread(facts)) = states.0.get(&StreamId::Thread(tie.thread)) else {
            return;
        };
        let to = match tie.to {
            Target::Node(id) => match self.nodes.get(&id) {
                Some(node) => Some(node.place),
                None => return,
            },
            Target::Role(id) => self.roles.get(&id).and_then(|role| role.place),
        };
        let drawn = matches!(
            event.payload,
            Body::KnotenGeknuepft { .. }
                | Body::KnotenGeaendert { .. }
                | Body::BildHinzugefuegt { .. }
                | Body::BildEntfernt { .. }
                | Body::KnotenBeigetreten { .. }
                | Body::NachrichtGesendet { .. }
                | Body::BuergschaftGegeben
        );
        let (role_name, from) = (
            self.name(tie.from),
            self.roles.get(&tie.from).and_then(|role| role.place),
        );
        let is_new = !self.threads.contains_key(&tie.thread);
        if is_new {
            self.hold_thread(ThreadRow {
                id: tie.thread,
                kind: tie.kind,
                role: tie.from,
                role_name,
                target: tie.to,
                from,
                to,
                version: 0,
                acts: 0,
                level: None,
                since: None,
                drawn_at: event.at,
                expires_at: None,
                faded_at: None,
                last: event.id,
            });
        }
        let Some(row) = self.threads.get_mut(&tie.thread) else {
            return;
        };
        if drawn || row.facts() != *facts {
            if drawn {
                row.since = row.since_after(facts.acts);
                row.drawn_at = event.at;
            }
            row.version = facts.version;
            row.acts = facts.acts;
            row.level = facts.level;
            row.expires_at = facts.expires_at;
            row.faded_at = facts.faded_at;
            row.last = event.id;
            let extent = if is_new { Extent::Whole } else { Extent::Facts };
            self.threads_changed.note(tie.thread, extent);
        }
    }

    /// Whoever acts lets their spool turn.
    fn turn(&mut self, event: &Event) {
        if let Some(role) = event.actor.role().and_then(|id| self.roles.get_mut(&id)) {
            (role.acted_at, role.last) = (event.at, event.id);
            self.roles_changed.note(role.role, Extent::Facts);
        }
    }

    fn name(&self, role: RoleId) -> String {
        self.roles
            .get(&role)
            .map(|role| role.name.clone())
            .unwrap_or_default()
    }
}

/// A structure's row before its facts are taken over. It has a name of its own and is nobody's.
fn founded(id: NodeId, structure: Structure, place: Place, event: &Event) -> NodeRow {
    NodeRow {
        id,
        kind: NodeKind::Structure,
        title: structure.title().to_owned(),
        text: String::new(),
        place,
        owner: RoleId::COMMUNITY,
        owner_name: String::new(),
        version: 0,
        created_at: event.at,
        starts_at: None,
        particulars: Particulars::default(),
        pictures: Vec::new(),
        covers: Vec::new(),
        holds_until: event.at,
        yarns: BTreeMap::new(),
        dissolved_at: None,
        last: event.id,
    }
}

/// The knot that an event is about.
fn named_node(event: &Event) -> Option<NodeId> {
    match (event.tie, event.stream) {
        (Some(tie), _) => tie.to.node(),
        (None, StreamId::Node(node)) => Some(node),
        (
            None,
            StreamId::Thread(_) | StreamId::Message(_) | StreamId::Role(_) | StreamId::Community,
        ) => None,
    }
}

/// What can be read of it; an erased text shows as nothing.
fn text(personal: &Personal) -> String {
    personal.readable().unwrap_or_default().to_owned()
}
