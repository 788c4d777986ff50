//! What a test stands on: a database, instances with their rooms, a Redis that can be killed, and roles that act.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::command::Act;
use domain::cursor::Cursor;
use domain::event::Body;
use domain::id::{NodeId, RoleId};
use domain::place::{Cell, Place};
use domain::spool::Placement;
use domain::view::CellView;
use domain::weave::{NodeKind, Particulars};
use domain::wire::RoomId;
use server::rooms::{self, Patience, Rooms};
use server::signals::Shutdown;
use store::door::Door;
use store::tail::Tail;
use store::testing::{TestDatabase, command, id};
use store::{Clock, Store, SystemClock};
use tokio::net::TcpListener;
use tokio::time::timeout;

/// Where most of it happens.
pub(crate) const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};
/// Another town.
pub(crate) const THERE: Place = Place {
    lat: 482_080_000,
    lon: 163_730_000,
};

/// Longer than anything takes; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Stage {
    pub(crate) store: Store,
    pub(crate) door: Door,
    redis_url: String,
    _database: TestDatabase,
}

/// One server, as far as rooms go.
pub(crate) struct Instance {
    pub(crate) rooms: Rooms,
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: Shutdown,
}

impl Stage {
    /// On the Redis of `tools/with-services`.
    pub(crate) async fn new() -> Self {
        Self::by_clock(Arc::new(SystemClock)).await
    }

    /// On the Redis of `tools/with-services`, at a time that the test moves.
    pub(crate) async fn by_clock(clock: Arc<dyn Clock>) -> Self {
        let redis_url = std::env::var("TEST_REDIS_URL")
            .expect("TEST_REDIS_URL is not set: run it by tools/with-services");
        Self::with(TestDatabase::new().await, &redis_url, clock).await
    }

    pub(crate) async fn with_redis(redis_url: &str) -> Self {
        Self::on(TestDatabase::new().await, redis_url).await
    }

    /// On that database.
    pub(crate) async fn on(database: TestDatabase, redis_url: &str) -> Self {
        Self::with(database, redis_url, Arc::new(SystemClock)).await
    }

    async fn with(database: TestDatabase, redis_url: &str, clock: Arc<dyn Clock>) -> Self {
        let store = database.store_with(clock).await;
        let door = Door::start(store.clone());
        tokio::spawn(store::weave::project::run(store.clone()));
        Self {
            store,
            door,
            redis_url: redis_url.to_owned(),
            _database: database,
        }
    }

    pub(crate) async fn instance(&self) -> Instance {
        self.patient_instance(Patience::default()).await
    }

    pub(crate) async fn patient_instance(&self, patience: Patience) -> Instance {
        let shutdown = Shutdown::by_hand();
        let rooms = rooms::start(self.store.clone(), &self.redis_url, shutdown.clone())
            .await
            .expect("rooms")
            .with_patience(patience);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = rooms::route(rooms.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Instance {
            rooms,
            address,
            shutdown,
        }
    }

    /// Writes an act; the position of its effect.
    pub(crate) async fn act(&self, by: RoleId, act: Act) -> Cursor {
        let command = command(by, self.store.now(), act);
        self.door
            .submit(command)
            .await
            .expect("an accepted act")
            .cursor
    }

    /// A new role at `place`, or hidden.
    pub(crate) async fn role(&self, name: &str, place: Option<Place>) -> RoleId {
        let role = RoleId(id());
        self.act(role, register(name, place)).await;
        role
    }

    pub(crate) async fn knot(&self, by: RoleId, place: Place) -> (NodeId, Cursor) {
        let node = NodeId(id());
        (node, self.act(by, knot(node, "Nähtreff", place)).await)
    }

    /// Waits until the log ends with an event; its position.
    pub(crate) async fn written(&self, payload: &Body) -> Cursor {
        let mut head = Tail::start(&self.store).watch();
        loop {
            let log = store::testing::whole_log(&self.store).await;
            if let Some(last) = log
                .last()
                .filter(|last| last.payload.name() == payload.name())
            {
                return Cursor {
                    epoch: self.store.epoch(),
                    at: last.at,
                    id: last.id,
                };
            }
            timeout(PATIENCE, head.changed())
                .await
                .expect("it is written in time")
                .expect("a tail");
        }
    }

    /// What the rooms show now, read with SQL.
    pub(crate) async fn fresh(
        &self,
        rooms: &[RoomId],
        at_least: Cursor,
    ) -> Vec<(RoomId, CellView)> {
        let reached = store::weave::read::reached(&self.store, at_least, PATIENCE)
            .await
            .expect("a database");
        assert!(reached, "the projection stands still");
        store::weave::read::rooms(&self.store, rooms)
            .await
            .expect("rooms")
            .1
    }
}

pub(crate) fn register(name: &str, place: Option<Place>) -> Act {
    Act::RegisterRole {
        name: name.to_owned(),
        placement: place.map_or(Placement::Hidden, |place| Placement::Exact { place }),
    }
}

pub(crate) fn knot(node: NodeId, title: &str, place: Place) -> Act {
    Act::KnotNode {
        node,
        kind: NodeKind::Idea,
        title: title.to_owned(),
        text: String::new(),
        place,
        starts_at: None,
        particulars: Particulars::default(),
    }
}

/// The rooms around `place` at `resolution`.
pub(crate) fn around(place: Place, resolution: u8) -> Vec<Cell> {
    place.cell().parent(resolution).with_neighbours().collect()
}
