//! One schedule, wholly from its seed.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use domain::time::Millis;
use domain::view::CellView;
use domain::wire::{CloseCode, RoomId};
use live::{Hub, Limits, Outgoing, Touch};

use crate::client::Client;
use crate::random::Random;
use crate::world::{ROOMS, World, cursor};

const CLIENTS: usize = 4;
const STEPS: usize = 180;

/// Small enough that each bound is met.
const LIMITS: Limits = Limits {
    clients: CLIENTS,
    held: 9,
    talks: 9,
    rooms: 16,
    left_ms: 60,
    history_changes: 4,
    history_bytes: 6000,
    history_ms: 200,
    history_total: 20_000,
    queue_bytes: 3000,
    frame_bytes: 1500,
    recent_roles: 3,
};

/// What is done wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Moves and new names touch only the new cell.
    RoleTouchesLost,
    /// An act does not touch the rooms of its spool.
    SpoolEndForgotten,
    /// A knot that moves does not touch the rooms of the other ends of its threads.
    FarEndsForgotten,
    /// What is said at a knot does not touch its conversation.
    WordsForgotten,
    /// A read is said to be newer than it is.
    ReadDatedAhead,
    /// One message of a hundred gets lost, and nobody notices.
    MessageLost,
    /// Two messages of a client change places.
    MessagesSwapped,
    /// The hub is told of an event only after its cursor.
    FollowedBeforeTouched,
}

impl Fault {
    pub(crate) const PLANTED: [Self; 8] = [
        Self::RoleTouchesLost,
        Self::SpoolEndForgotten,
        Self::FarEndsForgotten,
        Self::WordsForgotten,
        Self::ReadDatedAhead,
        Self::MessageLost,
        Self::MessagesSwapped,
        Self::FollowedBeforeTouched,
    ];
}

/// What a schedule came by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    pub(crate) fulls: u64,
    pub(crate) patches: u64,
    pub(crate) deltas_after_return: u64,
    pub(crate) ignored_as_old: u64,
    pub(crate) overflows: u64,
    pub(crate) restarts: u64,
    pub(crate) late_reads: u64,
}

impl Reached {
    pub(crate) fn add(&mut self, other: &Self) {
        self.fulls += other.fulls;
        self.patches += other.patches;
        self.deltas_after_return += other.deltas_after_return;
        self.ignored_as_old += other.ignored_as_old;
        self.overflows += other.overflows;
        self.restarts += other.restarts;
        self.late_reads += other.late_reads;
    }
}

struct Read {
    at: i64,
    views: Vec<(RoomId, CellView)>,
}

struct Run {
    random: Random,
    fault: Fault,
    /// Published points are told as of the event, not as of now.
    exact: bool,
    world: World,
    hub: Hub,
    /// What the read models include.
    checkpoint: i64,
    reads: VecDeque<Read>,
    clients: Vec<Client>,
    now: Millis,
    reached: Reached,
}

/// Runs one schedule and says what was wrong with it.
pub(crate) fn run(seed: u64, fault: Fault) -> Result<Reached, String> {
    let mut run = Run {
        random: Random::new(seed),
        fault,
        exact: seed.is_multiple_of(2),
        world: World::new(),
        hub: Hub::new(LIMITS, cursor(0)),
        checkpoint: 0,
        reads: VecDeque::new(),
        clients: (0..CLIENTS).map(|_| Client::default()).collect(),
        now: Millis(0),
        reached: Reached::default(),
    };
    for _ in 0..STEPS {
        run.step()?;
    }
    run.settle()?;
    Ok(run.reached)
}

impl Run {
    fn step(&mut self) -> Result<(), String> {
        self.now = self.now + 1;
        let client = self.random.below(CLIENTS);
        match self.random.below(100) {
            0..=24 => self.world.happen(&mut self.random),
            25..=39 => self.project(),
            40..=54 => self.follow(),
            55..=60 => self.ask_for_rooms(true),
            61..=66 => self.ask_for_rooms(false),
            67..=74 => self.read_arrives(),
            75..=89 => self.client_hears(client)?,
            90..=94 => self.client_looks(client)?,
            95 => self.clients[client].stalled = self.random.percent(50),
            96 => self.client_pings(client),
            97 | 98 => self.client_is_lost(client),
            _ => self.hub_restarts(),
        }
        self.check_bounds()
    }

    fn project(&mut self) {
        let behind = self.world.head() - self.checkpoint;
        if behind > 0 {
            self.checkpoint += 1 + self.random.below(behind as usize) as i64;
        }
    }

    /// The hub is told some of what the read models include.
    fn follow(&mut self) {
        let from = self.hub.followed().id;
        let count = self.random.below(4) as i64;
        for id in from + 1..=(from + count).min(self.checkpoint) {
            let event = self.world.log[id as usize - 1].clone();
            let told_at = if self.exact { id } else { self.checkpoint };
            let touches = live::touches(
                &event,
                |role| self.world.spool(role, told_at),
                |node| {
                    if self.fault == Fault::FarEndsForgotten {
                        BTreeSet::new()
                    } else {
                        self.world.tied(node, told_at)
                    }
                },
            );
            let touches = self.spoil(touches);
            if self.fault == Fault::FollowedBeforeTouched && self.random.percent(5) {
                self.hub.follow(cursor(id), &[]);
            }
            self.hub.follow(cursor(id), &touches);
        }
    }

    fn spoil(&self, touches: Vec<Touch>) -> Vec<Touch> {
        let spoiled = touches
            .into_iter()
            .flat_map(|touch| match (self.fault, touch) {
                (Fault::RoleTouchesLost, Touch::Changed { spool, .. }) => spool.map(Touch::At),
                (Fault::SpoolEndForgotten, Touch::Acted { .. })
                | (Fault::WordsForgotten, Touch::Said(_)) => None,
                _ => Some(touch),
            });
        spoiled.collect()
    }

    fn ask_for_rooms(&mut self, tick: bool) {
        let rooms = if tick {
            self.hub.tick(self.now)
        } else {
            self.hub.wanted()
        };
        if rooms.is_empty() {
            return;
        }
        // Big reads go in several goes, which may see different moments.
        let several = self.random.percent(20);
        for some in rooms.chunks(if several { 2 } else { rooms.len() }) {
            let at = self.checkpoint;
            let views = some
                .iter()
                .map(|room| (*room, (**self.world.view(*room, at)).clone()))
                .collect();
            self.reads.push_back(Read { at, views });
            if several {
                self.project();
            }
        }
    }

    fn read_arrives(&mut self) {
        if self.reads.is_empty() {
            return;
        }
        let which = if self.random.percent(30) {
            self.random.below(self.reads.len())
        } else {
            0
        };
        let Some(Read { at, views }) = self.reads.remove(which) else {
            return;
        };
        self.reached.late_reads += u64::from(at < self.hub.followed().id);
        let ahead = i64::from(self.fault == Fault::ReadDatedAhead) * 2;
        let said = cursor((at + ahead).min(self.world.head()));
        let frames = self.hub.loaded(said, views, self.now);
        self.send(frames);
    }

    fn send(&mut self, frames: impl IntoIterator<Item = Outgoing>) {
        for Outgoing { client, text } in frames {
            if self.fault == Fault::MessageLost && self.random.percent(1) {
                continue;
            }
            if let Some(to) = self
                .clients
                .iter_mut()
                .find(|known| known.id == Some(client))
            {
                to.inbox.push_back(text);
            }
        }
    }

    fn client_hears(&mut self, which: usize) -> Result<(), String> {
        let client = &mut self.clients[which];
        if client.stalled {
            return Ok(());
        }
        if self.fault == Fault::MessagesSwapped && client.inbox.len() > 1 {
            client.inbox.swap(0, 1);
        }
        let Some(text) = client.inbox.pop_front() else {
            return Ok(());
        };
        let heard = client
            .hear(&text, &self.world, self.exact)
            .map_err(|wrong| format!("client {which}: {wrong}"))?;
        self.reached.fulls += heard.fulls;
        self.reached.patches += heard.patches;
        self.reached.deltas_after_return += heard.deltas_after_return;
        self.reached.ignored_as_old += heard.ignored_as_old;
        let more = client.id.and_then(|id| self.hub.taken(id, text.len()));
        self.send(more);
        Ok(())
    }

    fn client_looks(&mut self, which: usize) -> Result<(), String> {
        let first = self.random.below(ROOMS.len());
        let count = self.random.below(LIMITS.held + 1);
        let rooms = if self.random.percent(30) {
            // Back to where it was.
            self.clients[which].left().take(LIMITS.held).collect()
        } else {
            (0..count)
                .map(|i| ROOMS[(first + i) % ROOMS.len()])
                .collect()
        };
        self.clients[which].look(rooms);
        if self.clients[which].id.is_none() {
            return self.client_connects(which);
        }
        self.client_wishes(which)
    }

    fn client_wishes(&mut self, which: usize) -> Result<(), String> {
        let client = &mut self.clients[which];
        let (Some(id), (n, wishes)) = (client.id, client.wishes()) else {
            return Ok(());
        };
        match self.hub.wish(id, n, &wishes, self.now) {
            Ok(answer) => self.send(answer),
            // The hub is full of listened rooms.
            Err(CloseCode::TooManyRooms) => self.client_is_lost(which),
            Err(code) => return Err(format!("client {which} was closed with {code:?}")),
        }
        Ok(())
    }

    fn client_connects(&mut self, which: usize) -> Result<(), String> {
        let hello = self
            .hub
            .connect(None, self.now)
            .map_err(|code| format!("{code:?}"))?;
        self.clients[which].id = Some(hello.client);
        self.send([hello]);
        self.client_wishes(which)
    }

    fn client_pings(&mut self, which: usize) {
        let pong = self.clients[which]
            .id
            .and_then(|id| self.hub.ping(id, self.now));
        self.send(pong);
    }

    fn client_is_lost(&mut self, which: usize) {
        if let Some(id) = self.clients[which].lose() {
            self.hub.disconnect(id, self.now);
        }
    }

    fn hub_restarts(&mut self) {
        if !self.random.percent(30) {
            return;
        }
        self.reached.restarts += 1;
        self.hub = Hub::new(LIMITS, cursor(self.checkpoint));
        self.reads.clear();
        for client in &mut self.clients {
            client.lose();
        }
    }

    fn check_bounds(&mut self) -> Result<(), String> {
        let figures = self.hub.figures();
        let fits = figures.clients <= LIMITS.clients
            && figures.rooms <= LIMITS.rooms
            && figures.recent_roles <= LIMITS.recent_roles
            // Checked at the next tick; one change of every room may be more until then.
            && figures.history_bytes <= LIMITS.history_total + LIMITS.rooms * LIMITS.history_bytes;
        if !fits {
            return Err(format!("a bound is broken: {figures:?}"));
        }
        self.reached.overflows += u64::from(figures.queued_max > LIMITS.queue_bytes / 2);
        let waiting: usize = self
            .clients
            .iter()
            .map(|client| client.inbox.iter().map(|text| text.len()).sum())
            .max()
            .unwrap_or(0);
        // One message may be larger than the queue, where nothing else waits.
        if waiting > LIMITS.queue_bytes + 6000 {
            return Err(format!("{waiting} bytes wait for one client"));
        }
        Ok(())
    }

    /// Everything comes to rest; then nothing more is sent, and nothing more is read.
    fn settle(&mut self) -> Result<(), String> {
        self.checkpoint = self.world.head();
        for client in &mut self.clients {
            client.stalled = false;
        }
        for which in 0..CLIENTS {
            if self.clients[which].id.is_none() {
                self.client_connects(which)?;
            }
        }
        for _ in 0..400 {
            self.now = self.now + 1;
            self.follow();
            self.ask_for_rooms(true);
            while !self.reads.is_empty() {
                self.read_arrives();
            }
            for which in 0..CLIENTS {
                for _ in 0..3 {
                    self.client_hears(which)?;
                }
                if self.clients[which].id.is_none() {
                    self.client_looks(which)?;
                }
            }
            let quiet = self.hub.cursor().id == self.world.head()
                && self.hub.figures().stale == 0
                && self
                    .clients
                    .iter()
                    .all(|client| client.id.is_some() && client.inbox.is_empty());
            if quiet {
                break;
            }
        }
        for which in 0..CLIENTS {
            self.client_pings(which);
            while !self.clients[which].inbox.is_empty() {
                self.client_hears(which)?;
            }
        }
        for (which, client) in self.clients.iter().enumerate() {
            client
                .is_current(&self.world)
                .map_err(|wrong| format!("in the end, client {which}: {wrong}"))?;
        }
        if !self.hub.tick(self.now).is_empty() {
            return Err("all is quiet, and still something is read".to_owned());
        }
        self.check_bounds()
    }
}

/// Messages are shared, not copied.
const _: fn(Outgoing) -> Arc<str> = |outgoing| outgoing.text;
