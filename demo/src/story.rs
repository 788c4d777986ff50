//! The content as commands in the order of time: who did what when. The same content told from the same moment makes
//! the same commands, so that telling it again has no second effect.

use std::collections::BTreeMap;

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::{CommandId, MessageId, NodeId, RoleId, ThreadId};
use domain::spool::Right;
use domain::time::{DAY_MS, Millis};
use domain::weave::{JoinLevel, Particulars, ParticularsChange, Structure, ThreadKind};
use fastrand::Rng;
use uuid::Uuid;

use crate::content::{Belongs, Content, Knot, Person, Said};

/// How long before now the story begins.
pub const DAYS: i64 = 30;
/// Namespace of the demo's ids, made once at random.
const IDS: Uuid = Uuid::from_u128(0x9d0a_53b1_7e0c_4f6a_8a4e_21b7_66c3_5d02);
/// Whatever is drawn by lot is drawn the same each time.
const SEED: u64 = 0x5b0e_0009;
const HOUR_MS: f64 = 3_600_000.0;
/// Neighbours who join a knot that nobody else shares a topic with.
const JOIN_FEW: usize = 1;
/// Neighbours who join a knot at most.
const JOIN_MANY: usize = 7;
/// So much farther away, a knot has to be about one more thing that somebody cares about.
const NEAR_METRES: f64 = 120.0;
/// One in so many who join twists the thread.
const TWIST_ONE_IN: usize = 9;
/// One in so many knots gets the last sentence of its text later, as a change.
const CHANGE_ONE_IN: usize = 5;

/// The role of a person.
#[must_use]
pub fn role(key: &str) -> RoleId {
    RoleId(id("person", key))
}

/// The knot of a title.
#[must_use]
pub fn node(title: &str) -> NodeId {
    NodeId(id("knot", title))
}

/// How a person joins a knot: most out of interest, some who come, few who look after it. The same each time, and without a lot, so that
/// all others fall as they did.
#[must_use]
pub fn join(key: &str, node: NodeId) -> Act {
    let [lot, ..] = *ThreadId::derive(role(key), ThreadKind::Join, node)
        .0
        .as_bytes();
    let level = match lot % 6 {
        0 => JoinLevel::Responsibility,
        1 | 2 => JoinLevel::Promise,
        _ => JoinLevel::Interest,
    };
    Act::JoinNode { node, level }
}

fn id(of: &str, name: &str) -> Uuid {
    Uuid::new_v5(&IDS, format!("{of}/{name}").as_bytes())
}

/// The whole story of `content`, told from `began` on for [`DAYS`]. Oldest first; each command says when it is made.
#[must_use]
pub fn story(content: &Content, began: Millis) -> Vec<Command> {
    let mut story = Story {
        now: began + DAYS * DAY_MS,
        began,
        rng: Rng::with_seed(SEED),
        told: Vec::new(),
        times: BTreeMap::new(),
    };
    for (nth, person) in content.people.iter().enumerate() {
        let act = Act::RegisterRole {
            name: person.name.clone(),
            placement: person.placement(),
        };
        let at = began + nth as i64 * 60_000;
        story.tell(&person.key, at, act);
        let some = |tags: &[String]| (!tags.is_empty()).then(|| tags.to_vec());
        let act = Act::DescribeRole {
            about: (!person.about.is_empty()).then(|| person.about.clone()),
            goods: some(&person.goods),
            skills: some(&person.skills),
            languages: some(&person.languages),
        };
        // Two hours after they came, where they say anything.
        let is_silent = matches!(
            act,
            Act::DescribeRole {
                about: None,
                goods: None,
                skills: None,
                languages: None,
            }
        );
        if !is_silent {
            story.tell(&person.key, at + 2 * HOUR_MS as i64, act);
        }
    }
    for knot in &content.knots {
        story.knot(knot);
        story.joins(knot, &content.people);
    }
    story.vouches(&content.people);
    let parlour = Structure::Parlour;
    let node = NodeId::of_structure(parlour);
    story.said(parlour.title(), node, story.began, &content.parlour);
    // Stable: what happens at one moment stays in the order in which it was told.
    story.told.sort_by_key(|command| command.issued_at);
    story.told
}

/// Who belongs from the beginning on, as orders of whoever runs the house: told once they are all there.
#[must_use]
pub fn first_weavers(content: &Content) -> Vec<(CommandId, Act)> {
    let people = content.people.iter();
    let first = people.filter(|person| person.belongs == Belongs::First);
    first
        .map(|person| {
            let act = Act::GrantRight {
                role: role(&person.key),
                right: Right::Weaver,
                reason: "Von Anfang an dabei.".to_owned(),
            };
            (CommandId(id("order", &person.key)), act)
        })
        .collect()
}

/// By so much the island's clock is ahead of UTC.
const ISLAND_MS: i64 = 60 * 60 * 1000;
/// How far the community reaches, in metres: the village around its church.
const RADIUS_M: u32 = 200;

/// What the community says of itself.
#[must_use]
pub fn community() -> (CommandId, Act) {
    let act = Act::DescribeCommunity {
        name: Some("Spulenoog".to_owned()),
        centre: Some(crate::view().centre),
        radius_m: Some(RADIUS_M),
    };
    (CommandId(id("order", "community")), act)
}

struct Story {
    began: Millis,
    now: Millis,
    rng: Rng,
    told: Vec<Command>,
    /// How often somebody did the same.
    times: BTreeMap<String, u32>,
}

impl Story {
    /// One act of a person; none before the story begins or after it ends.
    fn tell(&mut self, by: &str, at: Millis, act: Act) {
        let at = at.max(self.began + HOUR_MS as i64);
        if at >= self.now && !matches!(act, Act::RegisterRole { .. }) {
            return;
        }
        let name = format!("{by}/{act:?}");
        let nth = self.times.entry(name.clone()).or_default();
        *nth += 1;
        self.told.push(Command {
            id: CommandId(id("command", &format!("{name}/{nth}"))),
            v: COMMAND_VERSION,
            by: role(by),
            issued_at: at,
            act,
        });
    }

    fn knot(&mut self, knot: &Knot) {
        let at = self.knotted_at(knot);
        let node = node(&knot.title);
        let later = self.later(knot);
        let text = later.map_or(knot.text.as_str(), |(first, _)| first);
        let act = Act::KnotNode {
            node,
            kind: knot.kind,
            title: knot.title.clone(),
            text: text.to_owned(),
            place: crate::place(knot.at),
            starts_at: knot
                .starts_in_days
                .map(|days| self.starts_at(days, knot.starts_at_hour)),
            particulars: Particulars::default(),
        };
        self.tell(&knot.by, at, act);
        if knot.yarn {
            let thread = ThreadId::derive(role(&knot.by), ThreadKind::Create, node);
            let soon = at + self.rng.i64(60_000..900_000);
            self.tell(&knot.by, soon, Act::twist(thread, node));
        }
        if let Some((_, whole)) = later {
            let act = Act::ChangeNode {
                node,
                based_on: 1,
                kind: None,
                title: None,
                text: Some(whole.to_owned()),
                place: None,
                starts_at: None,
                particulars: ParticularsChange::default(),
            };
            let then = self.some_time_after(at);
            self.tell(&knot.by, then, act);
        }
        self.said(&knot.title, node, at, &knot.said);
    }

    /// A conversation that begins at that moment.
    fn said(&mut self, title: &str, node: NodeId, began: Millis, said: &[Said]) {
        for (nth, one) in said.iter().enumerate() {
            let message = |nth| MessageId(id("message", &format!("{title}/{nth}")));
            let act = Act::SendMessage {
                message: message(nth),
                node,
                text: one.text.clone(),
                reply_to: one.answers.map(message),
            };
            let then = began + (one.after_hours * HOUR_MS) as i64;
            self.tell(&one.by, then, act);
        }
    }

    /// That hour by the island's clock, so many days after the one on which the story ends.
    fn starts_at(&self, days: i64, hour: f64) -> Millis {
        let day = (self.now.0 + ISLAND_MS).div_euclid(DAY_MS) + days;
        Millis(day * DAY_MS - ISLAND_MS + (hour * HOUR_MS) as i64)
    }

    /// The beginning of a text whose last sentence comes later, and all of it.
    fn later<'a>(&mut self, knot: &'a Knot) -> Option<(&'a str, &'a str)> {
        let chosen = self.rng.usize(..CHANGE_ONE_IN) == 0;
        let text = knot.text.trim();
        let (first, last) = text.trim_end_matches(['.', '!', '?']).rsplit_once(". ")?;
        let first = &text[..first.len() + 1];
        (chosen && !last.is_empty()).then_some((first, text))
    }

    /// Those who live near join, rather those of them who care about the same; some of them more than once.
    fn joins(&mut self, knot: &Knot, people: &[Person]) {
        let at = self.knotted_at(knot);
        let node = node(&knot.title);
        let mut others: Vec<(f64, &Person)> = people
            .iter()
            .filter(|person| person.key != knot.by)
            .map(|person| {
                let shared = person.topics.intersection(&knot.topics).count() as f64;
                let [east, north] = [person.at[0] - knot.at[0], person.at[1] - knot.at[1]];
                let far = east.hypot(north) / NEAR_METRES;
                (far - shared + self.rng.f64() * 2.0, person)
            })
            .collect();
        others.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let close = others.iter().filter(|(cost, _)| *cost < 3.0).count();
        let count = self.rng.usize(JOIN_FEW..=close.clamp(JOIN_FEW, JOIN_MANY));
        for (_, person) in others.into_iter().take(count) {
            let mut then = self.some_time_after(at);
            let twists = self.rng.usize(..TWIST_ONE_IN) == 0;
            self.tell(&person.key, then, join(&person.key, node));
            if twists {
                let thread = ThreadId::derive(role(&person.key), ThreadKind::Join, node);
                let soon = then + self.rng.i64(30_000..600_000);
                self.tell(&person.key, soon, Act::twist(thread, node));
            } else if knot.yarn {
                // What lasts is come back to.
                while self.rng.usize(..3) > 0 {
                    then = then + self.rng.i64(DAY_MS..9 * DAY_MS);
                    self.tell(&person.key, then, join(&person.key, node));
                }
            }
        }
    }

    /// One after the other is vouched for by the two who live nearest and belong by then; the guests by one, lately.
    fn vouches(&mut self, people: &[Person]) {
        let of = |belongs| {
            people
                .iter()
                .filter(move |person| person.belongs == belongs)
        };
        let mut weavers: Vec<&Person> = of(Belongs::First).collect();
        let others: Vec<&Person> = of(Belongs::Weaver).collect();
        let step = (DAYS - 2) * DAY_MS / others.len().max(1) as i64;
        for (nth, person) in others.into_iter().enumerate() {
            let mut at = self.began + DAY_MS / 2 + nth as i64 * step;
            for voucher in nearest(&weavers, person).into_iter().take(2) {
                self.vouch(voucher, person, at);
                // Before the next one comes, who may be vouched for by this one.
                at = at + self.rng.i64(60_000..step / 2);
            }
            weavers.push(person);
        }
        for (nth, person) in of(Belongs::Guest).enumerate() {
            let ago = (nth as i64 + 1) * DAY_MS + self.rng.i64(0..DAY_MS / 2);
            let at = self.now + -ago;
            for voucher in nearest(&weavers, person).into_iter().take(1) {
                self.vouch(voucher, person, at);
            }
        }
    }

    fn vouch(&mut self, by: &Person, guest: &Person, at: Millis) {
        let role = role(&guest.key);
        self.tell(&by.key, at, Act::VouchFor { role });
    }

    fn knotted_at(&self, knot: &Knot) -> Millis {
        self.now + -days_ms(knot.days_ago)
    }

    /// Rather soon than late, and before now.
    fn some_time_after(&mut self, at: Millis) -> Millis {
        let share = self.rng.f64().powi(2);
        at + ((self.now - at) as f64 * share) as i64 + 60_000
    }
}

/// Those who live nearest first.
fn nearest<'a>(people: &[&'a Person], to: &Person) -> Vec<&'a Person> {
    let mut sorted = people.to_vec();
    let far = |person: &Person| (person.at[0] - to.at[0]).hypot(person.at[1] - to.at[1]);
    sorted.sort_by(|one, other| far(one).total_cmp(&far(other)));
    sorted
}

/// Nobody meets at seven minutes past.
fn days_ms(days: f64) -> i64 {
    (days * DAY_MS as f64) as i64
}
