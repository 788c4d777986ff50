//! What is drawn where: the rows of a weave, projected and bounded.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{NodeId, RoleId, ThreadId};
use domain::time::{FADE_MS, Millis};
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{NodeKind, ThreadKind};

use crate::names::{self, Taken};
use crate::projection::{Point, Projection};
use crate::{rings, zoom};

/// How far outside of the middle something may lie and still be drawn, in pixels: a large screen's half.
const FAR: f64 = 2000.0;

/// The rows that a picture shows.
#[derive(Clone, Debug)]
pub struct Woven<'a> {
    /// Those that hold, the nearest first.
    pub nodes: Vec<&'a NodeRow>,
    /// Their threads, the newest first.
    pub threads: &'a [ThreadRow],
    pub now: Millis,
}

/// How much is drawn at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub knots: usize,
    pub threads: usize,
    pub names: usize,
}

/// The picture, in pixels around its middle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub zoom: f64,
    pub lines: Vec<Thread>,
    pub tufts: Vec<Tuft>,
    /// Where spools are.
    pub spools: Vec<Point>,
    pub knots: Vec<Knot>,
    pub names: Vec<Name>,
}

/// A thread, hanging a little: from its spool by a bend to its knot.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    pub kind: ThreadKind,
    pub is_yarn: bool,
    /// What is left of it, in tenths.
    pub left: u8,
    pub from: Point,
    pub bend: Point,
    pub to: Point,
}

/// The end of a thread whose spool is not shown, at its knot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuft {
    pub kind: ThreadKind,
    pub left: u8,
    pub at: Point,
    /// Degrees, clockwise from upright.
    pub turn: u16,
}

/// A knot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    pub id: NodeId,
    pub kind: NodeKind,
    pub left: u8,
    pub at: Point,
}

/// A title with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The first line's beginning, middle or end.
    pub at: Point,
    pub line: Line,
    pub lines: Vec<String>,
    /// In pixels.
    pub size: f64,
}

/// What of a line of text its point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Start,
    Middle,
    End,
}

impl Scene {
    /// Draws what there is, no more than `bounds`; nothing from so far out that the map counts.
    #[must_use]
    pub fn new(woven: &Woven<'_>, projection: &Projection, bounds: Bounds) -> Self {
        let mut scene = Self {
            zoom: projection.zoom,
            ..Self::default()
        };
        if projection.zoom < zoom::SINGLES_FROM {
            return scene;
        }
        let nodes: Vec<&NodeRow> = woven
            .nodes
            .iter()
            .copied()
            .filter(|node| node.dissolved_at.is_none())
            .take(bounds.knots)
            .collect();
        let ids: BTreeSet<NodeId> = nodes.iter().map(|node| node.id).collect();
        let threads: Vec<&ThreadRow> = woven
            .threads
            .iter()
            .filter(|thread| ids.contains(&thread.node) && holds(thread, woven.now))
            .take(bounds.threads)
            .collect();
        let roles: BTreeMap<RoleId, (domain::place::Place, &str)> = threads
            .iter()
            .filter_map(|thread| Some((thread.role, (thread.from?, &*thread.role_name))))
            .collect();
        let places = nodes
            .iter()
            .map(|node| (node.id.0.as_u128(), node.place))
            .chain(
                roles
                    .iter()
                    .map(|(id, (place, _))| (id.0.as_u128(), *place)),
            );
        let beside = rings::beside(places.collect());
        let apart = zoom::apart(projection.zoom);
        let drawn_at = |id: u128, place| {
            let (x, y) = projection.at(place);
            let (right, down) = beside.get(&id).copied().unwrap_or_default();
            (x + right * apart, y + down * apart)
        };
        let fanned = fanned(&threads);
        for thread in threads {
            let to = drawn_at(thread.node.0.as_u128(), thread.to);
            let left = thread.expires_at.map_or(10, |end| left(end, woven.now));
            match thread.from {
                Some(place) => {
                    let from = drawn_at(thread.role.0.as_u128(), place);
                    scene.lines.push(Thread {
                        kind: thread.kind,
                        is_yarn: thread.expires_at.is_none(),
                        left,
                        from,
                        bend: bend(from, to, thread.kind),
                        to,
                    });
                }
                None => scene.tufts.push(Tuft {
                    kind: thread.kind,
                    left,
                    at: to,
                    turn: fanned.get(&thread.id).copied().unwrap_or_default(),
                }),
            }
        }
        // In an order of their own, so that the same rows in another one make the same picture.
        scene
            .lines
            .sort_by_key(|line| (line.is_yarn, line.kind, line.left));
        let is_near = |(x, y): Point| x.abs() < FAR && y.abs() < FAR;
        for (id, (place, _)) in &roles {
            let at = drawn_at(id.0.as_u128(), *place);
            if is_near(at) {
                scene.spools.push(at);
            }
        }
        for node in &nodes {
            let at = drawn_at(node.id.0.as_u128(), node.place);
            let holds = !node.yarns.is_empty() || node.kind == NodeKind::Structure;
            let left = if holds {
                10
            } else {
                left(node.holds_until, woven.now)
            };
            scene.knots.push(Knot {
                id: node.id,
                kind: node.kind,
                left,
                at,
            });
        }
        scene.name(&nodes, &roles, bounds.names, drawn_at);
        scene
    }

    /// Titles of the strongest knots first, then names of spools, each where it has room.
    fn name(
        &mut self,
        nodes: &[&NodeRow],
        roles: &BTreeMap<RoleId, (domain::place::Place, &str)>,
        max: usize,
        drawn_at: impl Fn(u128, domain::place::Place) -> Point,
    ) {
        let size = zoom::title_size(self.zoom);
        let half = 14.0 * zoom::size(self.zoom);
        let things = self.spools.iter().copied();
        let things = things.chain(self.knots.iter().map(|knot| knot.at));
        let mut taken: Vec<Taken> = things.map(|at| Taken::around(at, half)).collect();
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        order.sort_by_key(|nth| 10 - self.knots[*nth].left);
        let titles = order
            .into_iter()
            .map(|nth| (&*nodes[nth].title, self.knots[nth].at, size));
        let spools = roles
            .iter()
            .map(|(id, (place, name))| (*name, drawn_at(id.0.as_u128(), *place), size - 1.0));
        let mut found = Vec::new();
        for (text, at, size) in titles.chain(spools) {
            if found.len() == max {
                break;
            }
            if at.0.abs() < FAR && at.1.abs() < FAR {
                found.extend(names::place(text, at, size, &mut taken));
            }
        }
        self.names = found;
    }
}

fn holds(thread: &ThreadRow, now: Millis) -> bool {
    thread.faded_at.is_none() && thread.expires_at.is_none_or(|end| end > now)
}

/// What is left of seven days, in tenths; never nothing.
fn left(end: Millis, now: Millis) -> u8 {
    let part = (end - now).clamp(0, FADE_MS) as f64 / FADE_MS as f64;
    (libm::ceil(part * 10.0) as u8).max(1)
}

/// Each kind has its bow, so that parallel ones lie side by side.
fn bend(from: Point, to: Point, kind: ThreadKind) -> Point {
    let bow = match kind {
        ThreadKind::Create => 0.16,
        ThreadKind::Change => 0.3,
        ThreadKind::Talk => -0.3,
        ThreadKind::Join => -0.16,
    };
    let (right, down) = (to.0 - from.0, to.1 - from.1);
    (
        f64::midpoint(from.0, to.0) + down * bow,
        f64::midpoint(from.1, to.1) - right * bow,
    )
}

/// Degrees between the tufts of one role at a knot.
const FAN: i32 = 16;

/// How each tuft stands, in degrees: those of one role at a knot beside each other around a middle of their own, as the map lays them
/// (`public/js/map/strands.js`).
fn fanned(threads: &[&ThreadRow]) -> BTreeMap<ThreadId, u16> {
    let mut bundles: BTreeMap<(RoleId, NodeId), Vec<(ThreadKind, ThreadId)>> = BTreeMap::new();
    for thread in threads.iter().filter(|thread| thread.from.is_none()) {
        let bundle = bundles.entry((thread.role, thread.node)).or_default();
        bundle.push((thread.kind, thread.id));
    }
    let mut turns = BTreeMap::new();
    for ((role, node), mut strands) in bundles {
        strands.sort_unstable();
        let middle = hash(&format!("{role} {node}")) % 360;
        let mut turn = middle as i32 - (strands.len() as i32 - 1) * FAN / 2;
        for (_, id) in strands {
            turns.insert(id, turn.rem_euclid(360) as u16);
            turn += FAN;
        }
    }
    turns
}

/// As the map finds it from a text.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    })
}
