//! What of the weave one wants to see: kinds of knots, how old threads may be, yarn alone, one's own. Map and list show the
//! same, and the address carries it.

use std::collections::BTreeMap;

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{NodeId, RoleId};
use crate::time::{DAY_MS, Millis};
use crate::view::{CellView, CountRow, NodeRow, ThreadRow};
use crate::weave::NodeKind;

/// The kinds, in the order of their bits.
pub const KINDS: [NodeKind; 6] = [
    NodeKind::Idea,
    NodeKind::Event,
    NodeKind::Place,
    NodeKind::Tool,
    NodeKind::Bed,
    NodeKind::Structure,
];
const PARAMETER: &str = "linse=";

/// How old threads may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Age {
    Day,
    ThreeDays,
}

impl Age {
    /// In milliseconds, since they were drawn.
    #[must_use]
    pub const fn ms(self) -> i64 {
        match self {
            Self::Day => DAY_MS,
            Self::ThreeDays => 3 * DAY_MS,
        }
    }
}

/// What is shown; by itself all of it. What is asked of threads is asked of one thread at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lens {
    /// A bit per kind of [`KINDS`]; none set: all of them.
    kinds: u8,
    /// Only what has a thread drawn lately.
    pub age: Option<Age>,
    /// Only what yarn holds.
    pub yarn: bool,
    /// Only what one has a thread to, or has knotted. Nothing to whoever has no role.
    pub mine: bool,
}

/// The text is no lens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a lens: kinds of knots, `tag`, `drei-tage`, `garn`, `meine`, with dots between")]
pub struct NotALens;

/// One choice of a lens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Kind(NodeKind),
    Age(Age),
    Yarn,
    Mine,
}

impl Lens {
    /// Whether everything is shown.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        *self == Self::default()
    }

    #[must_use]
    pub const fn has(&self, choice: Choice) -> bool {
        match choice {
            Choice::Kind(kind) => self.kinds & bit(kind) != 0,
            Choice::Age(Age::Day) => matches!(self.age, Some(Age::Day)),
            Choice::Age(Age::ThreeDays) => matches!(self.age, Some(Age::ThreeDays)),
            Choice::Yarn => self.yarn,
            Choice::Mine => self.mine,
        }
    }

    /// It with that choice made, or taken back.
    #[must_use]
    pub const fn toggled(mut self, choice: Choice) -> Self {
        match choice {
            Choice::Kind(kind) => self.kinds ^= bit(kind),
            Choice::Age(age) => {
                self.age = if self.has(choice) { None } else { Some(age) };
            }
            Choice::Yarn => self.yarn = !self.yarn,
            Choice::Mine => self.mine = !self.mine,
        }
        self
    }

    /// It with that choice made, whatever is chosen now; of kinds that one alone.
    #[must_use]
    pub const fn with(mut self, choice: Choice) -> Self {
        match choice {
            Choice::Kind(kind) => self.kinds = bit(kind),
            Choice::Age(age) => self.age = Some(age),
            Choice::Yarn => self.yarn = true,
            Choice::Mine => self.mine = true,
        }
        self
    }

    #[must_use]
    pub const fn shows_kind(&self, kind: NodeKind) -> bool {
        self.kinds == 0 || self.kinds & bit(kind) != 0
    }

    /// The kinds that are shown; none where all are.
    #[must_use]
    pub fn kinds(&self) -> Vec<NodeKind> {
        KINDS
            .into_iter()
            .filter(|kind| self.kinds & bit(*kind) != 0)
            .collect()
    }

    /// The lens in a query string (without its `?`), wherever it stands; nonsense is none.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        query
            .split('&')
            .find_map(|part| part.strip_prefix(PARAMETER)?.parse().ok())
            .unwrap_or_default()
    }

    /// What stands in the query of an address after the camera; nothing where everything is shown.
    #[must_use]
    pub fn and_query(&self) -> String {
        let mut query = String::new();
        if !self.is_clear() {
            query.push('&');
            query.push_str(PARAMETER);
            query.push_str(&self.to_string());
        }
        query
    }

    /// What of a view is seen through it.
    #[must_use]
    pub fn through(&self, view: &CellView, me: Option<RoleId>, now: Millis) -> CellView {
        if self.is_clear() {
            return view.clone();
        }
        let held = Held::of(view, me, now);
        let mut seen = view.clone();
        seen.nodes.retain(|_, node| self.shows(&held, node));
        seen.threads.retain(|_, thread| {
            let node = thread.target.node().and_then(|id| view.nodes.get(&id));
            node.map_or(self.kinds == 0, |node| self.shows_kind(node.kind))
                && held.marks(thread) & self.wanted(me) == self.wanted(me)
        });
        seen.spools.retain(|role, _| {
            me == Some(*role) && self.mine
                || seen
                    .threads
                    .values()
                    .any(|thread| thread.role == *role || thread.target.role() == Some(*role))
        });
        seen.counts = self.counts(&view.counts);
        seen
    }

    /// The counts of the kinds that it shows. What threads hold is not counted.
    #[must_use]
    pub fn counts(&self, counts: &[CountRow]) -> Vec<CountRow> {
        let mut seen = counts.to_vec();
        for row in &mut seen {
            row.kinds.retain(|(kind, _)| self.shows_kind(*kind));
        }
        seen.retain(|row| !row.kinds.is_empty());
        seen
    }

    /// Whether a knot is seen, by its kind and by what holds it.
    #[must_use]
    pub fn shows(&self, held: &Held, node: &NodeRow) -> bool {
        let wanted = self.wanted(held.me);
        let is_mine = held.me == Some(node.owner) && wanted == MINE;
        self.shows_kind(node.kind) && (wanted == 0 || is_mine || held.has(node.id, wanted))
    }

    /// The marks that a thread has to bear.
    fn wanted(&self, me: Option<RoleId>) -> usize {
        let age = match self.age {
            None => 0,
            Some(Age::Day) => DAY,
            Some(Age::ThreeDays) => THREE_DAYS,
        };
        let yarn = if self.yarn { YARN } else { 0 };
        let mine = if self.mine && me.is_some() { MINE } else { 0 };
        age | yarn | mine
    }
}

const DAY: usize = 1;
const THREE_DAYS: usize = 2;
const YARN: usize = 4;
const MINE: usize = 8;

const fn bit(kind: NodeKind) -> u8 {
    1 << match kind {
        NodeKind::Idea => 0,
        NodeKind::Event => 1,
        NodeKind::Place => 2,
        NodeKind::Tool => 3,
        NodeKind::Bed => 4,
        NodeKind::Structure => 5,
    }
}

/// What threads hold each knot: one look at all threads answers every lens.
#[derive(Clone, Debug)]
pub struct Held {
    /// A bit for each combination of marks that a thread to it bears.
    by_node: BTreeMap<NodeId, usize>,
    me: Option<RoleId>,
    now: Millis,
}

impl Held {
    /// What holds the knots of a view, as `me` sees it.
    #[must_use]
    pub fn of(view: &CellView, me: Option<RoleId>, now: Millis) -> Self {
        let mut held = Self {
            by_node: BTreeMap::new(),
            me,
            now,
        };
        for thread in view.threads.values() {
            if let Some(node) = thread.target.node()
                && thread.facts().faded_at(now).is_none()
            {
                let marks = held.marks(thread);
                *held.by_node.entry(node).or_default() |= 1 << marks;
            }
        }
        held
    }

    fn marks(&self, thread: &ThreadRow) -> usize {
        let age = self.now - thread.drawn_at;
        let mark = |is: bool, mark: usize| if is { mark } else { 0 };
        mark(age <= Age::Day.ms(), DAY)
            | mark(age <= Age::ThreeDays.ms(), THREE_DAYS)
            | mark(thread.expires_at.is_none(), YARN)
            | mark(self.me == Some(thread.role), MINE)
    }

    fn has(&self, node: NodeId, wanted: usize) -> bool {
        let combinations = self.by_node.get(&node).copied().unwrap_or_default();
        (0..16).any(|marks| combinations & (1 << marks) != 0 && marks & wanted == wanted)
    }
}

impl fmt::Display for Lens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_first = true;
        let mut write = |word: &str| {
            if !is_first {
                f.write_str(".")?;
            }
            is_first = false;
            f.write_str(word)
        };
        for kind in self.kinds() {
            write(kind.code())?;
        }
        match self.age {
            Some(Age::Day) => write("tag")?,
            Some(Age::ThreeDays) => write("drei-tage")?,
            None => {}
        }
        if self.yarn {
            write("garn")?;
        }
        if self.mine {
            write("meine")?;
        }
        Ok(())
    }
}

impl FromStr for Lens {
    type Err = NotALens;

    fn from_str(text: &str) -> Result<Self, NotALens> {
        let mut lens = Self::default();
        if text.is_empty() {
            return Ok(lens);
        }
        for word in text.split('.') {
            match word {
                "tag" => lens.age = Some(Age::Day),
                "drei-tage" => lens.age = Some(Age::ThreeDays),
                "garn" => lens.yarn = true,
                "meine" => lens.mine = true,
                kind => lens.kinds |= bit(NodeKind::from_code(kind).ok_or(NotALens)?),
            }
        }
        Ok(lens)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::ThreadId;
    use crate::place::Place;
    use crate::time::FADE_MS;
    use crate::view::SpoolRow;
    use crate::weave::ThreadKind;

    const NOW: Millis = Millis(100 * DAY_MS);
    const PLACE: Place = Place {
        lat: 484_100_000,
        lon: 156_100_000,
    };

    fn role(n: u128) -> RoleId {
        RoleId(Uuid::from_u128(n))
    }

    fn node(n: u128) -> NodeId {
        NodeId(Uuid::from_u128(0x100 + n))
    }

    /// Anna's tool (1) with her day-old thread and Ben's yarn of five days, Ben's idea (2) with his thread of two days,
    /// and Ben's place (3) that nothing holds any more.
    fn view() -> CellView {
        let mut view = CellView::default();
        for (n, kind, owner) in [
            (1, NodeKind::Tool, 1),
            (2, NodeKind::Idea, 2),
            (3, NodeKind::Place, 2),
        ] {
            view.nodes.insert(
                node(n),
                NodeRow {
                    id: node(n),
                    kind,
                    title: String::new(),
                    text: String::new(),
                    place: PLACE,
                    owner: role(owner),
                    owner_name: String::new(),
                    version: 1,
                    created_at: NOW,
                    starts_at: None,
                    particulars: crate::weave::Particulars::default(),
                    holds_until: NOW,
                    pictures: Vec::new(),
                    yarns: BTreeMap::new(),
                    covers: Vec::new(),
                    dissolved_at: None,
                    last: 1,
                },
            );
        }
        for (who, to, days, is_yarn) in [(1, 1, 1, false), (2, 1, 5, true), (2, 2, 2, false)] {
            let drawn_at = NOW + -days * DAY_MS;
            let id = ThreadId::derive(role(who), ThreadKind::Join, node(to));
            view.threads.insert(
                id,
                ThreadRow {
                    id,
                    kind: ThreadKind::Join,
                    role: role(who),
                    role_name: String::new(),
                    target: node(to).into(),
                    from: Some(PLACE),
                    to: Some(PLACE),
                    version: 1,
                    acts: 1,
                    level: None,
                    since: None,
                    drawn_at,
                    expires_at: (!is_yarn).then_some(drawn_at + FADE_MS),
                    faded_at: None,
                    last: 1,
                },
            );
        }
        for who in [1, 2] {
            view.spools.insert(
                role(who),
                SpoolRow {
                    role: role(who),
                    name: String::new(),
                    place: PLACE,
                    radius: None,
                    acted_at: NOW,
                    last: 1,
                },
            );
        }
        view.counts = vec![CountRow {
            cell: PLACE.cell().parent(6),
            kinds: vec![(NodeKind::Idea, 4), (NodeKind::Tool, 2)],
        }];
        view
    }

    /// Numbers of the knots, of the threads' roles and of the spools, and the count, as one sees them who is `me`.
    fn seen(lens: &str, me: Option<u128>) -> (Vec<u128>, Vec<u128>, Vec<u128>, u32) {
        let lens: Lens = lens.parse().expect("a lens");
        let seen = lens.through(&view(), me.map(role), NOW);
        (
            seen.nodes.keys().map(|id| id.0.as_u128() - 0x100).collect(),
            {
                let mut roles: Vec<u128> = seen
                    .threads
                    .values()
                    .map(|row| row.role.0.as_u128())
                    .collect();
                roles.sort_unstable();
                roles
            },
            seen.spools.keys().map(|id| id.0.as_u128()).collect(),
            seen.counts.iter().map(CountRow::total).sum(),
        )
    }

    #[test]
    fn each_choice_shows_its_knots_with_their_threads_and_spools() {
        assert_eq!(
            seen("", None),
            (vec![1, 2, 3], vec![1, 2, 2], vec![1, 2], 6)
        );
        assert_eq!(seen("idea", None), (vec![2], vec![2], vec![2], 4));
        assert_eq!(seen("idea.place", None), (vec![2, 3], vec![2], vec![2], 4));
        assert_eq!(seen("tag", None), (vec![1], vec![1], vec![1], 6));
        assert_eq!(
            seen("drei-tage", None),
            (vec![1, 2], vec![1, 2], vec![1, 2], 6)
        );
        assert_eq!(seen("garn", None), (vec![1], vec![2], vec![2], 6));
        // What is one's own too that nothing holds.
        assert_eq!(
            seen("meine", Some(2)),
            (vec![1, 2, 3], vec![2, 2], vec![2], 6)
        );
        // Of one thread at once: Ben's yarn is not of the last day, and Anna's thread is no yarn.
        assert_eq!(seen("garn.tag", None), (vec![], vec![], vec![], 6));
        assert_eq!(seen("garn.meine", Some(1)).0, Vec::<u128>::new());
        assert_eq!(seen("garn.meine", Some(2)).0, [1]);
        // To guests nothing is their own, so that is not asked.
        assert_eq!(seen("meine", None).0, [1, 2, 3]);
        assert_eq!(seen("structure", None), (vec![], vec![], vec![], 0));
    }

    #[test]
    fn a_faded_thread_holds_nothing() {
        let lens: Lens = "drei-tage".parse().expect("a lens");
        let later = NOW + FADE_MS;
        assert!(lens.through(&view(), None, later).nodes.is_empty());
    }

    #[test]
    fn a_lens_survives_its_address_and_nonsense_is_none() {
        let choices = KINDS.map(Choice::Kind).into_iter().chain([
            Choice::Age(Age::Day),
            Choice::Yarn,
            Choice::Mine,
        ]);
        let mut lens = Lens::default();
        assert_eq!(lens.and_query(), "");
        for choice in choices {
            lens = lens.toggled(choice);
            assert!(lens.has(choice));
            let query = lens.and_query();
            assert_eq!(Lens::from_query(&format!("@1,2,3{query}")), lens, "{query}");
        }
        assert_eq!(
            lens.toggled(Choice::Age(Age::ThreeDays)).age,
            Some(Age::ThreeDays)
        );
        assert_eq!(lens.toggled(Choice::Age(Age::Day)).age, None);
        assert!(!lens.toggled(Choice::Yarn).yarn);
        for bad in ["unsinn", "idea.", ".", "IDEA", "garn,meine"] {
            assert_eq!(bad.parse::<Lens>(), Err(NotALens), "{bad}");
            assert!(Lens::from_query(&format!("linse={bad}")).is_clear());
        }
    }
}
