//! What the people of the island go on doing: every few seconds while somebody looks, now and then while nobody does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::{CommandId, MessageId, NodeId, ThreadId};
use domain::lens::Lens;
use domain::place::Place;
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::{NodeKind, Particulars, ThreadKind};
use fastrand::Rng;
use store::door::{Door, DoorError};
use store::weave::read;
use store::{Store, StoreError};
use uuid::{Builder, Uuid};

use crate::content::{Content, Person, Pool, Shown};
use crate::story;

/// Seconds between two acts while somebody looks.
const WATCHED_S: std::ops::RangeInclusive<u64> = 2..=4;
/// Time between two acts while nobody does.
const ALONE: Duration = Duration::from_mins(15);
/// How often it is looked whether somebody has come.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Knots around the church square, which whoever comes sees first.
const IN_VIEW: usize = 30;
/// Knots that neighbours know of.
const KNOWN_MAX: u16 = 400;
/// Below so many knots that hold they rather knot a new one.
const KNOTS_WANTED: usize = 140;
/// From so many yarns on nobody twists another: yarn does not fade, and the weave has to stay one that can be read.
const YARNS_WANTED: usize = 130;
/// One in so many who join twists the thread.
const TWIST_ONE_IN: usize = 9;
/// Of so many who care about something, drawn by lot, who lives nearest acts.
const DRAWN: usize = 4;
/// As often the lot is drawn until it falls on something that makes sense.
const LOTS_MAX: usize = 20;
/// What was said lately is not said again so soon.
const SAID_LATELY: usize = 40;

/// Acts for ever, until the store is closed. `is_watched` says whether anybody has the page open.
pub async fn run(store: Store, door: Door, is_watched: impl Fn() -> bool + Send) {
    let content = match Content::load() {
        Ok(content) => content,
        Err(error) => {
            tracing::error!(%error, "the neighbours have nothing to say");
            return;
        }
    };
    let mut neighbours = Neighbours {
        topics: topics(&content),
        said: VecDeque::new(),
        rng: Rng::new(),
        now: store.now(),
        content,
    };
    let mut last = Instant::now();
    let mut wait = ALONE;
    let mut was_watched = false;
    while !store.is_closed() {
        tokio::time::sleep(LOOK_EVERY).await;
        let is_watched = is_watched();
        // Whoever comes sees it weave at once, and where they look.
        let has_come = is_watched && !was_watched;
        if was_watched && !is_watched {
            wait = ALONE;
        }
        was_watched = is_watched;
        if !has_come && last.elapsed() < wait {
            continue;
        }
        last = Instant::now();
        wait = if is_watched {
            Duration::from_secs(neighbours.rng.u64(WATCHED_S))
        } else {
            ALONE
        };
        let reach = if has_come { IN_VIEW } else { usize::MAX };
        match neighbours.act(&store, &door, reach).await {
            Ok(()) => {}
            Err(ActError::Door(DoorError::Refused(refusal))) => {
                tracing::debug!(%refusal, "a neighbour came too late");
            }
            Err(error) => tracing::warn!(%error, "the neighbours wait"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum ActError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Door(#[from] DoorError),
}

struct Neighbours {
    content: Content,
    /// What knots are about, by their titles.
    topics: BTreeMap<String, BTreeSet<String>>,
    /// Lately, the newest last.
    said: VecDeque<String>,
    rng: Rng,
    /// As the store told it last.
    now: Millis,
}

fn topics(content: &Content) -> BTreeMap<String, BTreeSet<String>> {
    let told = content
        .knots
        .iter()
        .map(|knot| (knot.title.clone(), knot.topics.clone()));
    let pool = content.pool.knots.iter();
    told.chain(pool.map(|knot| (knot.title.clone(), knot.topics.clone())))
        .collect()
}

impl Neighbours {
    /// One act of somebody; at one of the first `reach` knots around the church square.
    async fn act(&mut self, store: &Store, door: &Door, reach: usize) -> Result<(), ActError> {
        self.now = store.now();
        let near = read::near(
            store,
            crate::place([0.0, 0.0]),
            (Lens::default(), None),
            KNOWN_MAX,
        )
        .await?;
        let standing: Vec<NodeRow> = near.into_iter().map(|near| near.node).collect();
        let mut lots = 0..LOTS_MAX;
        let Some((by, act)) = lots.find_map(|_| self.choose(&standing, reach)) else {
            return Ok(());
        };
        let yarns: usize = standing.iter().map(|node| node.yarns.len()).sum();
        let twists = yarns < YARNS_WANTED && self.rng.usize(..TWIST_ONE_IN) == 0;
        let twist = match act {
            Act::JoinNode { node, .. } if twists => Some(node),
            _ => None,
        };
        self.submit(store, door, &by, act).await?;
        if let Some(node) = twist {
            let thread = ThreadId::derive(story::role(&by.key), ThreadKind::Join, node);
            let twist = Act::twist(thread, node);
            self.submit(store, door, &by, twist).await?;
        }
        Ok(())
    }

    fn choose(&mut self, standing: &[NodeRow], reach: usize) -> Option<(Person, Act)> {
        let lot = self.rng.u32(..100);
        let around = standing.get(..reach).unwrap_or(standing);
        if around.len() == standing.len() && standing.len() < KNOTS_WANTED && lot < 30 {
            return self.knot(standing);
        }
        let node = self.rng.choice(around)?.clone();
        let is_over = node.facts().is_over(self.now);
        let about = self.topics.get(&node.title).cloned().unwrap_or_default();
        if lot < 65 && !is_over {
            return self.say(&node, &about);
        }
        let by = self.someone_near(node.place, &about)?;
        let act = story::join(&by.key, node.id);
        Some((by, act))
    }

    /// Somebody says what fits there and was not said lately.
    fn say(&mut self, node: &NodeRow, about: &BTreeSet<String>) -> Option<(Person, Act)> {
        let Pool { says, .. } = &self.content.pool;
        let fitting: Vec<_> = says
            .iter()
            .filter(|says| says.kind.is_none_or(|kind| kind == node.kind))
            .filter(|says| !says.topics.is_disjoint(about))
            .filter(|says| !self.said.contains(&says.text))
            .collect();
        let says = self.rng.choice(fitting)?;
        let (text, by_topics) = (says.text.clone(), says.by_topics.clone());
        let by = self.someone_near(node.place, &by_topics)?;
        self.said.push_back(text.clone());
        if self.said.len() > SAID_LATELY {
            self.said.pop_front();
        }
        let node = node.id;
        let message = MessageId(self.new_id());
        Some((
            by,
            Act::SendMessage {
                message,
                node,
                text,
                reply_to: None,
            },
        ))
    }

    /// Somebody knots near their home what does not hold yet; not at the door of who is not shown there.
    fn knot(&mut self, standing: &[NodeRow]) -> Option<(Person, Act)> {
        let fresh: Vec<_> = self
            .content
            .pool
            .knots
            .iter()
            .filter(|knot| standing.iter().all(|node| node.title != knot.title))
            .filter(|knot| knot.kind != NodeKind::Event)
            .collect();
        let knot = self.rng.choice(fresh)?.clone();
        let by = self.someone(&knot.by_topics)?;
        let [east, north] = by.at;
        let reach = if by.shown == Shown::Exact {
            60.0
        } else {
            200.0
        };
        let mut near = |metres: f64| metres + (self.rng.f64() * 2.0 - 1.0) * reach;
        let at = [near(east), near(north)];
        let act = Act::KnotNode {
            node: NodeId(self.new_id()),
            kind: knot.kind,
            title: knot.title,
            text: knot.text,
            place: crate::place(at),
            starts_at: None,
            particulars: Particulars::default(),
        };
        Some((by, act))
    }

    /// One of those who care about one of these.
    fn someone(&mut self, topics: &BTreeSet<String>) -> Option<Person> {
        let people = self.content.people.iter();
        let fitting: Vec<&Person> = people
            .filter(|person| !person.topics.is_disjoint(topics))
            .collect();
        self.rng.choice(fitting).cloned()
    }

    /// The same, rather one who lives near that place.
    fn someone_near(&mut self, place: Place, topics: &BTreeSet<String>) -> Option<Person> {
        (0..DRAWN)
            .filter_map(|_| self.someone(topics))
            .min_by(|one, other| {
                let far = |person: &Person| crate::place(person.at).distance_m(place);
                far(one).total_cmp(&far(other))
            })
    }

    async fn submit(
        &mut self,
        store: &Store,
        door: &Door,
        by: &Person,
        act: Act,
    ) -> Result<(), DoorError> {
        self.now = store.now();
        let command = Command {
            id: CommandId(self.new_id()),
            v: COMMAND_VERSION,
            by: story::role(&by.key),
            issued_at: self.now,
            act,
        };
        door.submit(command).await.map(|_| ())
    }

    /// A UUIDv7, as browsers make them. Nothing here has to be hard to guess.
    fn new_id(&mut self) -> Uuid {
        let mut random = [0; 10];
        self.rng.fill(&mut random);
        Builder::from_unix_timestamp_millis(self.now.0.unsigned_abs(), &random).into_uuid()
    }
}
