//! What is told: people, knots with what is said at them, and what neighbours may do at any time. Written by hand, in
//! `content/*.toml`; places in metres east and north of the church square.

use std::collections::BTreeSet;

use domain::place::Radius;
use domain::spool::Placement;
use domain::weave::NodeKind;
use serde::Deserialize;

/// All of it.
#[derive(Clone, Debug)]
pub struct Content {
    pub people: Vec<Person>,
    pub knots: Vec<Knot>,
    /// What is said in the parlour.
    pub parlour: Vec<Said>,
    pub pool: Pool,
}

/// Who lives on the island.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// By which knots and messages name them.
    pub key: String,
    pub name: String,
    pub at: [f64; 2],
    pub shown: Shown,
    pub topics: BTreeSet<String>,
    #[serde(default)]
    pub belongs: Belongs,
    /// What they say of themselves.
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub goods: Vec<String>,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub languages: Vec<String>,
}

/// Where somebody stands when the demo opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Belongs {
    /// Named a weaver at the beginning.
    First,
    /// Two neighbours have vouched.
    #[default]
    Weaver,
    /// One neighbour has vouched so far.
    Guest,
}

/// How somebody is shown on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Shown {
    #[serde(rename = "exact")]
    Exact,
    #[serde(rename = "hidden")]
    Hidden,
    #[serde(untagged)]
    Radius(Radius),
}

/// What somebody has knotted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knot {
    pub by: String,
    pub kind: NodeKind,
    pub title: String,
    #[serde(default)]
    pub text: String,
    pub at: [f64; 2],
    /// Before now.
    pub days_ago: f64,
    /// Of events: how many days after the one on which the demo opens, by the island's clock.
    #[serde(default)]
    pub starts_in_days: Option<i64>,
    /// At which hour of that day.
    #[serde(default)]
    pub starts_at_hour: f64,
    /// Whoever knotted it has twisted the thread.
    #[serde(default)]
    pub yarn: bool,
    pub topics: BTreeSet<String>,
    #[serde(default)]
    pub said: Vec<Said>,
}

/// A message of a conversation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    pub by: String,
    /// After the knot was knotted; in the parlour, after the story begins.
    pub after_hours: f64,
    pub text: String,
    /// Which of the messages before it there it answers, counted from 0.
    #[serde(default)]
    pub answers: Option<usize>,
}

/// What neighbours may do at any time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    pub says: Vec<Says>,
    pub knots: Vec<Knots>,
}

/// Something that fits in many conversations.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// At knots of this kind only.
    #[serde(default)]
    pub kind: Option<NodeKind>,
    /// At knots of one of these.
    pub topics: BTreeSet<String>,
    /// By people with one of these.
    pub by_topics: BTreeSet<String>,
    pub text: String,
}

/// Something that somebody may knot near their home.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knots {
    pub kind: NodeKind,
    pub by_topics: BTreeSet<String>,
    pub title: String,
    #[serde(default)]
    pub text: String,
    pub topics: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    person: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parlour {
    said: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Woven {
    knot: Vec<Knot>,
}

impl Content {
    /// What is compiled in.
    ///
    /// # Errors
    /// Where a file is not what this code reads; a test sees to it that each is.
    pub fn load() -> Result<Self, toml::de::Error> {
        let People { person } = toml::from_str(include_str!("../content/people.toml"))?;
        let Woven { knot } = toml::from_str(include_str!("../content/knots.toml"))?;
        let Parlour { said } = toml::from_str(include_str!("../content/parlour.toml"))?;
        Ok(Self {
            people: person,
            knots: knot,
            parlour: said,
            pool: toml::from_str(include_str!("../content/neighbours.toml"))?,
        })
    }
}

impl Person {
    /// Where their spool is put.
    #[must_use]
    pub fn placement(&self) -> Placement {
        let place = crate::place(self.at);
        match self.shown {
            Shown::Hidden => Placement::Hidden,
            Shown::Exact => Placement::Exact { place },
            Shown::Radius(radius) => Placement::Radius { place, radius },
        }
    }
}
