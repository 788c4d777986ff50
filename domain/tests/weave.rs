//! Random lives of a small weave: the decisions against a naive model, and the rows of a view against the
//! states of streams.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::{Act, COMMAND_VERSION, Command, Due};
use domain::decide::{decide, decide_due, decide_order};
use domain::event::Body;
use domain::id::{CommandId, MessageId, NodeId, PictureId, RoleId, ThreadId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{Placement, Right, RoleState};
use domain::state::{Facts, States, StreamId, deadline};
use domain::talk::{MessageState, Quoted};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{CellView, Me, ViewFacts, predict};
use domain::weave::{Covers, JoinLevel, NodeKind, Particulars, ParticularsChange, ThreadKind};
use proptest::prelude::*;
use uuid::Uuid;

const HOUR_MS: i64 = 3_600_000;
const START: Millis = Millis(1_795_000_000_000);

fn role(n: u8) -> RoleId {
    RoleId(Uuid::from_u128(100 + u128::from(n)))
}

fn node(n: u8) -> NodeId {
    NodeId(Uuid::from_u128(200 + u128::from(n)))
}

fn message(n: u8) -> MessageId {
    MessageId(Uuid::from_u128(300 + u128::from(n)))
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Knot(u8, u8, bool),
    Change(u8, u8, Change),
    Join(u8, u8, JoinLevel),
    /// By whom, where, which message, and whether there is anything in it.
    Say(u8, u8, u8, bool),
    /// By whom, where, which message, and which one it answers.
    Answer(u8, u8, u8, u8),
    /// By whom, where, which message, and whether there is anything in it.
    Reword(u8, u8, u8, bool),
    TakeBack(u8, u8, u8),
    /// By whom, whose thread, to which knot, of which kind, and which of [`covers`] it is to have.
    Twist(u8, u8, u8, ThreadKind, u8),
    Untwist(u8, u8, u8, ThreadKind),
    Cover(u8, u8, u8, ThreadKind, u8),
    Vouch(u8, u8),
    /// Hours pass, and the timer does what is due.
    Wait(u8),
    /// Hours pass without it.
    Sleep(u8),
}

/// What of a knot is changed, and whether it was made on the version that holds.
#[derive(Clone, Copy, Debug)]
struct Change {
    stale: bool,
    words: bool,
    place: Option<u8>,
    /// Hours from now.
    start: Option<u8>,
    kind: Option<NodeKind>,
}

fn change() -> impl Strategy<Value = Change> {
    let of = |odds| prop::option::weighted(odds, any::<u8>());
    let kind = prop::option::weighted(0.3, prop::sample::select(NodeKind::BY_HAND.to_vec()));
    let stale = prop::bool::weighted(0.2);
    (stale, any::<bool>(), of(0.5), of(0.4), kind).prop_map(|(stale, words, place, start, kind)| {
        Change {
            stale,
            words,
            place,
            // Most of what becomes something else names no start beside it.
            start: start.filter(|hours| kind.is_none() || hours % 4 == 0),
            kind,
        }
    })
}

/// What a yarn is asked to cover; none: nothing is said of it.
fn covers(which: u8) -> Option<Covers> {
    let of = |text, talk, pictures| Covers {
        text,
        talk,
        pictures,
    };
    Some(match which {
        0 => return None,
        1 => Covers::USUAL,
        2 => Covers::ALL,
        3 => Covers::NOTHING,
        4 => of(false, true, Some(Vec::new())),
        _ => of(true, false, Some(vec![PictureId(Uuid::from_u128(400))])),
    })
}

/// Whether that is text and conversation, told by hand; and which one it is, since saying nothing means the usual.
fn told(which: u8) -> (u8, bool, bool) {
    match which {
        0 | 1 => (1, true, false),
        2 => (2, true, true),
        3 => (3, false, false),
        4 => (4, false, true),
        _ => (5, true, false),
    }
}

fn kind() -> impl Strategy<Value = ThreadKind> {
    prop_oneof![
        Just(ThreadKind::Create),
        Just(ThreadKind::Change),
        Just(ThreadKind::Join),
        Just(ThreadKind::Talk)
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let (role, node) = (0..3_u8, 0..3_u8);
    prop_oneof![
        (role.clone(), node.clone(), any::<bool>()).prop_map(|(r, n, e)| Step::Knot(r, n, e)),
        (role.clone(), node.clone(), change()).prop_map(|(r, n, c)| Step::Change(r, n, c)),
        (
            role.clone(),
            node.clone(),
            prop::sample::select(JoinLevel::ALL.to_vec())
        )
            .prop_map(|(r, n, level)| Step::Join(r, n, level)),
        (
            role.clone(),
            node.clone(),
            0..6_u8,
            prop::bool::weighted(0.9)
        )
            .prop_map(|(r, n, m, words)| Step::Say(r, n, m, words)),
        (role.clone(), node.clone(), 0..6_u8, 0..6_u8)
            .prop_map(|(r, n, m, to)| Step::Answer(r, n, m, to)),
        (
            role.clone(),
            node.clone(),
            0..6_u8,
            prop::bool::weighted(0.9)
        )
            .prop_map(|(r, n, m, words)| Step::Reword(r, n, m, words)),
        (role.clone(), node.clone(), 0..6_u8).prop_map(|(r, n, m)| Step::TakeBack(r, n, m)),
        (role.clone(), role.clone(), node.clone(), kind(), 0..6_u8)
            .prop_map(|(by, of, n, kind, which)| Step::Twist(by, of, n, kind, which)),
        (role.clone(), role.clone(), node.clone(), kind())
            .prop_map(|(by, of, n, kind)| Step::Untwist(by, of, n, kind)),
        (role.clone(), role.clone(), node, kind(), 1..6_u8)
            .prop_map(|(by, of, n, kind, which)| Step::Cover(by, of, n, kind, which)),
        (role.clone(), role).prop_map(|(by, of)| Step::Vouch(by, of)),
        (0..60_u8).prop_map(Step::Wait),
        (0..60_u8).prop_map(Step::Sleep),
    ]
}

fn command(by: RoleId, act: Act) -> Command {
    Command {
        id: CommandId(Uuid::nil()),
        v: COMMAND_VERSION,
        by,
        issued_at: START,
        act,
    }
}

fn act(step: Step, states: &States, now: Millis) -> Option<(RoleId, Act)> {
    Some(match step {
        Step::Knot(by, n, event) => (
            role(by),
            Act::KnotNode {
                node: node(n),
                kind: if event {
                    NodeKind::Event
                } else {
                    NodeKind::Idea
                },
                title: "Ein Knoten".into(),
                text: String::new(),
                place: Place {
                    lat: 484_100_000 + i32::from(n) * 1000,
                    lon: 156_100_000,
                },
                starts_at: event.then(|| now + 3 * DAY_MS),
                particulars: Particulars::default(),
            },
        ),
        Step::Change(by, n, change) => {
            let version = states.node(node(n)).map_or(1, |state| state.version);
            (
                role(by),
                Act::ChangeNode {
                    node: node(n),
                    based_on: version - u32::from(change.stale),
                    kind: change.kind,
                    title: change.words.then(|| "Ein anderer".into()),
                    text: change.words.then(|| "Neu.".into()),
                    place: change.place.map(|step| Place {
                        lat: 484_100_000 + i32::from(step) * 1000,
                        lon: 156_100_000,
                    }),
                    starts_at: change.start.map(|hours| now + i64::from(hours) * HOUR_MS),
                    particulars: ParticularsChange::default(),
                },
            )
        }
        Step::Join(by, n, level) => (
            role(by),
            Act::JoinNode {
                node: node(n),
                level,
            },
        ),
        Step::Say(by, n, m, words) => (
            role(by),
            Act::SendMessage {
                message: message(m),
                node: node(n),
                text: if words { "Ein Wort" } else { " \u{200d} " }.into(),
                reply_to: None,
            },
        ),
        Step::Answer(by, n, m, to) => (
            role(by),
            Act::SendMessage {
                message: message(m),
                node: node(n),
                text: "Darauf".into(),
                reply_to: Some(message(to)),
            },
        ),
        Step::Reword(by, n, m, words) => (
            role(by),
            Act::ChangeMessage {
                message: message(m),
                node: node(n),
                text: if words { "Anders" } else { "\n" }.into(),
            },
        ),
        Step::TakeBack(by, n, m) => (
            role(by),
            Act::WithdrawMessage {
                message: message(m),
                node: node(n),
            },
        ),
        Step::Twist(by, of, n, kind, which) => {
            let thread = ThreadId::derive(role(of), kind, node(n));
            (
                role(by),
                Act::TwistThread {
                    thread,
                    target: node(n).into(),
                    covers: covers(which),
                },
            )
        }
        Step::Cover(by, of, n, kind, which) => (
            role(by),
            Act::CoverYarn {
                thread: ThreadId::derive(role(of), kind, node(n)),
                target: node(n).into(),
                covers: covers(which)?,
            },
        ),
        Step::Vouch(by, of) => (role(by), Act::VouchFor { role: role(of) }),
        Step::Untwist(by, of, n, kind) => {
            let thread = ThreadId::derive(role(of), kind, node(n));
            (
                role(by),
                Act::UntwistThread {
                    thread,
                    target: node(n).into(),
                },
            )
        }
        Step::Wait(_) | Step::Sleep(_) => return None,
    })
}

/// What decisions read of a message: none of them its version, which rows do not tell.
fn said(states: &States, id: MessageId) -> Option<MessageState> {
    let state = states.message(id)?;
    Some(MessageState {
        version: 1,
        ..state
    })
}

/// The product's path: states evolve by decided drafts, a view by the same acts predicted.
struct World {
    states: States,
    view: CellView,
    roles: BTreeMap<RoleId, Option<Me>>,
    now: Millis,
    /// All that the timer ever asked for.
    asked: Vec<Due>,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            states: States::default(),
            view: CellView::default(),
            roles: BTreeMap::new(),
            now: START,
            asked: Vec::new(),
        };
        for n in 0..3 {
            let registration = Act::RegisterRole {
                name: format!("Rolle {n}"),
                placement: Placement::Hidden,
            };
            world
                .act(&command(role(n), registration))
                .expect("a registration");
        }
        // The first one belongs.
        let grant = Act::GrantRight {
            role: role(0),
            right: Right::Weaver,
            reason: "Von Anfang an dabei.".into(),
        };
        for draft in decide_order(&world.states, &grant).expect("a grant") {
            world.states.evolve_draft(&draft, world.now);
        }
        if let Some(Some(me)) = world.roles.get_mut(&role(0)) {
            me.standing.weaver_since = Some(START);
        }
        world
    }

    fn act(&mut self, command: &Command) -> Result<(), Refusal> {
        let drafts = decide(&self.states, command, self.now)?;
        for draft in &drafts {
            self.states.evolve_draft(draft, self.now);
        }
        let me = self.roles.entry(command.by).or_default();
        let predicted = predict(&mut self.view, me, &mut None, command, self.now);
        // Nobody's page is open who could be vouched for.
        if !matches!(command.act, Act::VouchFor { .. }) {
            predicted.expect("the view predicts what the door does");
        }
        Ok(())
    }

    /// What the step does to the world: whether it was accepted, where it was asked for.
    fn step(&mut self, step: Step) -> Option<bool> {
        match (act(step, &self.states, self.now), step) {
            (Some((by, act)), _) => Some(self.act(&command(by, act)).is_ok()),
            (None, Step::Wait(hours)) => {
                self.wait(hours);
                None
            }
            (None, Step::Sleep(hours)) => {
                self.now = self.now + i64::from(hours) * HOUR_MS;
                None
            }
            (None, _) => None,
        }
    }

    /// Lets `hours` pass, and the timer do what is due, in order; and once more all that it ever asked for, as a second instance may,
    /// and one that was cut off before it heard the answer.
    fn wait(&mut self, hours: u8) {
        let target = self.now + i64::from(hours) * HOUR_MS;
        loop {
            let next = self
                .states
                .0
                .iter()
                .filter_map(|(stream, state)| deadline(*stream, state))
                .filter(|(due, _)| *due <= target)
                .min_by_key(|(due, _)| *due);
            let Some((due, what)) = next else { break };
            self.now = self.now.max(due);
            let drafts = decide_due(&self.states, &what, self.now);
            assert!(
                !drafts.is_empty(),
                "a deadline that is due has an effect: {what:?}"
            );
            self.asked.push(what);
            for draft in &drafts {
                self.states.evolve_draft(draft, self.now);
                match (&draft.body, draft.stream, draft.tie) {
                    (Body::FadenVerfallen { due: told }, _, Some(tie)) => {
                        assert_eq!(*told, Some(due), "the moment at which it was due");
                        self.view.threads.remove(&tie.thread);
                    }
                    (Body::KnotenAufgeloest { due: told }, StreamId::Node(id), _) => {
                        assert_eq!(*told, Some(due), "the moment at which it was due");
                        self.view.nodes.remove(&id);
                    }
                    other => panic!("the timer wrote {other:?}"),
                }
            }
        }
        self.now = target;
        for what in &self.asked {
            let again = decide_due(&self.states, what, self.now);
            assert!(again.is_empty(), "done twice: {what:?}");
        }
    }
}

/// What the rules say, told as simply as possible: until when each thread lasts (None: yarn).
#[derive(Default)]
struct Model {
    threads: BTreeMap<(RoleId, ThreadKind, NodeId), Option<Millis>>,
    floor: BTreeMap<NodeId, Millis>,
    /// Who knotted it, when it starts if it is an event, and how often it was written.
    knots: BTreeMap<NodeId, (RoleId, Option<Millis>, u32)>,
    /// What each yarn covers, as [`told`] has it.
    covers: BTreeMap<(RoleId, ThreadKind, NodeId), (u8, bool, bool)>,
    /// For whom the first one has vouched.
    vouched: BTreeSet<u8>,
    /// Who said it, where, and whether it still stands.
    said: BTreeMap<u8, (u8, u8, bool)>,
}

impl Model {
    fn alive(&self, thread: (RoleId, ThreadKind, NodeId), now: Millis) -> bool {
        self.threads
            .get(&thread)
            .is_some_and(|end| end.is_none_or(|end| end > now))
    }

    fn holds(&self, node: NodeId, now: Millis) -> bool {
        self.floor.get(&node).is_some_and(|floor| *floor > now)
            || self
                .threads
                .keys()
                .any(|key| key.2 == node && self.alive(*key, now))
    }

    /// Whether yarn covers that part of the knot, none of it of `by`.
    fn is_closed(&self, by: u8, n: u8, part: fn(&(u8, bool, bool)) -> bool) -> bool {
        let covering: Vec<RoleId> = (self.threads.iter())
            .filter(|(key, end)| key.2 == node(n) && end.is_none() && part(&self.covers[key]))
            .map(|(key, _)| key.0)
            .collect();
        !covering.is_empty() && !covering.contains(&role(by))
    }

    /// Whether yarn of `by` may cover something there: where it may change the knot.
    fn may_cover(&self, by: u8, n: u8) -> bool {
        by == 0
            || self
                .knots
                .get(&node(n))
                .is_some_and(|(owner, ..)| *owner == role(by))
    }

    /// Seven new days, unless it is yarn.
    fn draw(&mut self, by: u8, kind: ThreadKind, n: u8, now: Millis) {
        let key = (role(by), kind, node(n));
        let yarn = self.threads.get(&key) == Some(&None);
        self.threads.insert(key, (!yarn).then(|| now + FADE_MS));
    }

    fn act(&mut self, step: Step, now: Millis) -> bool {
        match step {
            Step::Knot(by, n, event) => {
                let fresh = !self.knots.contains_key(&node(n));
                if fresh {
                    let start = event.then(|| now + 3 * DAY_MS);
                    self.knots.insert(node(n), (role(by), start, 1));
                    self.draw(by, ThreadKind::Create, n, now);
                    let floor = if event {
                        now + 3 * DAY_MS + FADE_MS
                    } else {
                        now
                    };
                    self.floor.insert(node(n), floor);
                }
                fresh
            }
            Step::Join(by, n, _) => {
                let allowed = self.holds(node(n), now);
                if allowed {
                    self.draw(by, ThreadKind::Join, n, now);
                }
                allowed
            }
            Step::Say(by, n, m, words) => {
                let allowed = words
                    && self.holds(node(n), now)
                    && !self.said.contains_key(&m)
                    && !self.is_closed(by, n, |(_, _, talk)| *talk);
                if allowed {
                    self.said.insert(m, (by, n, true));
                    self.draw(by, ThreadKind::Talk, n, now);
                }
                allowed
            }
            Step::Answer(by, n, m, to) => {
                let stands = self
                    .said
                    .get(&to)
                    .is_some_and(|(_, at, stands)| *at == n && *stands);
                stands && self.act(Step::Say(by, n, m, true), now)
            }
            Step::Reword(by, n, m, words) => {
                words && self.holds(node(n), now) && self.said.get(&m) == Some(&(by, n, true))
            }
            Step::TakeBack(by, n, m) => {
                let allowed = self.holds(node(n), now) && self.said.get(&m) == Some(&(by, n, true));
                if allowed {
                    self.said.insert(m, (by, n, false));
                }
                allowed
            }
            Step::Change(by, n, change) => {
                let Some(&(owner, start, _)) = self.knots.get(&node(n)) else {
                    return false;
                };
                let says_something = change.words
                    || change.place.is_some()
                    || change.start.is_some()
                    || change.kind.is_some();
                let is_over = start.is_some_and(|start| start <= now);
                let may_become = match change.kind {
                    None => true,
                    Some(NodeKind::Place | NodeKind::Idea) => is_over && change.start.is_none(),
                    Some(_) => false,
                };
                let allowed = self.holds(node(n), now)
                    && (owner == role(by) || by == 0)
                    && !self.is_closed(by, n, |(_, text, _)| *text)
                    && !change.stale
                    && says_something
                    && may_become
                    && (start.is_some() || change.start.is_none());
                if allowed {
                    if let Some(hours) = change.start {
                        self.floor
                            .insert(node(n), now + i64::from(hours) * HOUR_MS + FADE_MS);
                    }
                    if let Some((_, start, version)) = self.knots.get_mut(&node(n)) {
                        *version += 1;
                        let moved = change.start.map(|hours| now + i64::from(hours) * HOUR_MS);
                        *start = moved.or(start.filter(|_| change.kind.is_none()));
                    }
                    self.draw(by, ThreadKind::Change, n, now);
                }
                allowed
            }
            Step::Twist(by, of, n, kind, which) => {
                let key = (role(of), kind, node(n));
                let may_cover = self.may_cover(by, n);
                let allowed = by == of
                    && self.alive(key, now)
                    && self.threads.get(&key).is_some_and(Option::is_some)
                    && (may_cover || matches!(which, 0 | 3));
                if allowed {
                    self.threads.insert(key, None);
                    self.covers
                        .insert(key, told(if may_cover { which } else { 3 }));
                }
                allowed
            }
            Step::Untwist(by, of, n, kind) => {
                let key = (role(of), kind, node(n));
                let allowed = by == of && self.threads.get(&key) == Some(&None);
                if allowed {
                    self.threads.insert(key, Some(now + FADE_MS));
                }
                allowed
            }
            Step::Cover(by, of, n, kind, which) => {
                let key = (role(of), kind, node(n));
                let allowed = by == of
                    && self.threads.get(&key) == Some(&None)
                    && self.covers.get(&key) != Some(&told(which))
                    && (self.may_cover(by, n) || which == 3);
                if allowed {
                    self.covers.insert(key, told(which));
                }
                allowed
            }
            Step::Vouch(by, of) => by == 0 && of != 0 && self.vouched.insert(of),
            Step::Wait(_) | Step::Sleep(_) => true,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn decisions_agree_with_a_naive_model(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        let mut model = Model::default();
        let mut ended = BTreeSet::new();
        for step in steps {
            let now = world.now;
            if let Some(accepted) = world.step(step) {
                prop_assert_eq!(accepted, model.act(step, now), "{:?}", step);
            }
            for n in 0..3 {
                let state = world.states.node(node(n));
                let holds = state.is_some_and(|state| state.undone_at(world.now).is_none());
                prop_assert_eq!(holds, model.holds(node(n), world.now), "node {}", n);
                if world.states.node(node(n)).is_some() && !holds {
                    ended.insert(n);
                }
                prop_assert!(!(holds && ended.contains(&n)), "node {} has come back", n);
                if holds {
                    let version = world.states.node(node(n)).map(|state| state.version);
                    prop_assert_eq!(version, model.knots.get(&node(n)).map(|knot| knot.2));
                }
            }
        }
    }

    #[test]
    fn rows_of_a_view_are_the_facts_of_streams(
        steps in prop::collection::vec(step(), 1..40), last in step(),
    ) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        for (id, row) in &world.view.nodes {
            prop_assert_eq!(Some(row.facts()), world.states.node(*id));
        }
        for (id, row) in &world.view.threads {
            // A thread that faded leaves the view, so a prediction counts its events anew; no decision
            // reads the number, and the server's row brings it.
            let mut state = world.states.thread(*id).expect("a stream for each row");
            state.version = row.version;
            prop_assert_eq!(row.facts(), state);
            let node = row.target.node().and_then(|id| world.view.nodes.get(&id));
            if let Some(node) = node {
                prop_assert_eq!(row.to, Some(node.place), "a thread ends at its knot");
            }
        }
        let conversations = (0..3).map(node).map(|id| {
            let rows = world.view.messages.iter().filter(move |row| row.node == id);
            rows.map(|row| row.nth).collect::<BTreeSet<_>>()
        });
        for numbers in conversations {
            prop_assert!(numbers.iter().copied().eq(1..=numbers.len() as u32), "{:?}", numbers);
        }
        for row in &world.view.messages {
            prop_assert_eq!(Some(row.facts()), said(&world.states, row.id));
            prop_assert!(!row.is_withdrawn || row.text.is_empty());
            if let Some(quoted) = &row.reply_to {
                let answered = world.view.messages.iter().find(|row| row.id == quoted.id);
                prop_assert_eq!(Some(quoted.clone()), answered.map(Quoted::from));
            }
        }
        if let Some((by, act)) = act(last, &world.states, world.now) {
            let command = command(by, act);
            let me = world.roles.get(&by).and_then(Option::as_ref);
            let facts = ViewFacts { view: &world.view, me, role: None };
            let at_hand = command.reads().iter().all(|stream| match stream {
                StreamId::Node(id) => facts.node(*id) == world.states.node(*id),
                StreamId::Thread(id) => facts.thread(*id) == world.states.thread(*id),
                StreamId::Message(id) => facts.message(*id) == said(&world.states, *id),
                // What others have done for one comes with the next page.
                StreamId::Role(id) => {
                    let vouched = |role: Option<RoleState>| role.map(|role| role.vouched_by);
                    *id == by && vouched(facts.role(*id)) == vouched(world.states.role(*id))
                }
                StreamId::Community => true,
            });
            let expected = decide(&world.states, &command, world.now);
            let predicted = decide(&facts, &command, world.now);
            if at_hand {
                prop_assert_eq!(predicted, expected);
            }
        }
    }

    #[test]
    fn a_patch_turns_the_old_view_into_the_new_one(
        before in prop::collection::vec(step(), 1..30), after in prop::collection::vec(step(), 1..30),
    ) {
        let mut world = World::new();
        let run = |world: &mut World, steps: Vec<Step>| for step in steps {
            world.step(step);
        };
        run(&mut world, before);
        let mut old = world.view.clone();
        run(&mut world, after);
        let patch = old.diff(&world.view);
        let text = serde_json::to_string(&patch).expect("JSON");
        old.apply(&serde_json::from_str(&text).expect("a patch"));
        prop_assert_eq!(old, world.view);
    }
}
