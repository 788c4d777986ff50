//! What is drawn where: the rows of a weave, projected and bounded.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{NodeId, RoleId};
use domain::place::{Place, Radius};
use domain::time::{FADE_MS, Millis};
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{NodeKind, ThreadKind};

use crate::names::{self, Taken, Wanted};
use crate::projection::{Point, Projection};
use crate::{rings, strands, zoom};

/// How far outside of the middle something may lie and still be drawn, in pixels: a large screen's half.
const FAR: f64 = 2000.0;

/// More rings are drawn as so many.
const RINGS_MAX: usize = 4;
/// How far out names begin, of their size: of a knot by its rings, and of a spool.
const KNOT_OUT: [f64; RINGS_MAX + 1] = [1.65, 1.8, 2.05, 2.3, 2.6];
const SPOOL_OUT: f64 = 1.5;

/// The rows that a picture shows.
#[derive(Clone, Debug)]
pub struct Woven<'a> {
    /// Those that hold, the nearest first.
    pub nodes: Vec<&'a NodeRow>,
    /// Their threads, the newest first.
    pub threads: &'a [ThreadRow],
    /// Of those whose spools are not exactly where they are shown.
    pub radii: &'a BTreeMap<RoleId, Radius>,
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
    /// Within which somebody is, who is not exactly where the spool is shown.
    pub around: Vec<Around>,
    pub lines: Vec<Thread>,
    pub tufts: Vec<Tuft>,
    /// Where spools are.
    pub spools: Vec<Point>,
    pub knots: Vec<Knot>,
    pub names: Vec<Name>,
}

/// A circle around the place that a spool is shown at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Around {
    pub middle: Point,
    /// In pixels.
    pub radius: f64,
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
    /// Rings around it: of the yarns that hold it, four at most.
    pub rings: u8,
    /// It comes undone within a day.
    pub is_ending: bool,
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
            .filter(|thread| {
                let node = thread.target.node();
                node.is_some_and(|node| ids.contains(&node)) && holds(thread, woven.now)
            })
            .take(bounds.threads)
            .collect();
        let roles: BTreeMap<RoleId, (Place, &str)> = threads
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
        let ground = Ground {
            projection,
            beside: rings::beside(places.collect()),
            apart: zoom::apart(projection.zoom),
        };
        let laid = strands::lay(&threads);
        let part = zoom::aside(projection.zoom);
        for thread in threads {
            // What leads from spool to spool has no room here.
            let Some((node, to)) = thread.target.node().zip(thread.to) else {
                continue;
            };
            let to = ground.at(node.0.as_u128(), to);
            let left = thread.expires_at.map_or(10, |end| left(end, woven.now));
            let strand = laid.get(&thread.id).copied().unwrap_or_default();
            match thread.from {
                Some(place) => {
                    let from = ground.at(thread.role.0.as_u128(), place);
                    let [from, bend, to] = strand.curve(from, to, part);
                    scene.lines.push(Thread {
                        kind: thread.kind,
                        is_yarn: thread.expires_at.is_none(),
                        left,
                        from,
                        bend,
                        to,
                    });
                }
                None => scene.tufts.push(Tuft {
                    kind: thread.kind,
                    left,
                    at: to,
                    turn: strand.turn,
                }),
            }
        }
        // In an order of their own, so that the same rows in another one make the same picture.
        scene
            .lines
            .sort_by_key(|line| (line.is_yarn, line.kind, line.left));
        let is_near = |(x, y): Point| x.abs() < FAR && y.abs() < FAR;
        for (id, (place, _)) in &roles {
            let at = ground.at(id.0.as_u128(), *place);
            if is_near(at) {
                scene.spools.push(at);
            }
            if let Some(radius) = woven.radii.get(id) {
                let (middle, metre) = (projection.at(*place), projection.metre(*place));
                let radius = f64::from(radius.metres()) * metre;
                // A circle whose edge nobody sees is a large sheet.
                if libm::hypot(middle.0, middle.1) < radius + FAR && radius < 2.0 * FAR {
                    scene.around.push(Around { middle, radius });
                }
            }
        }
        for node in &nodes {
            let at = ground.at(node.id.0.as_u128(), node.place);
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
                rings: node.yarns.len().min(RINGS_MAX) as u8,
                is_ending: node.is_in_its_last_day(woven.now),
                at,
            });
        }
        scene.name(&nodes, &roles, bounds.names, &ground);
        scene
    }

    /// Titles of the strongest knots first, then names of spools, each where it has room.
    fn name(
        &mut self,
        nodes: &[&NodeRow],
        roles: &BTreeMap<RoleId, (Place, &str)>,
        max: usize,
        ground: &Ground<'_>,
    ) {
        let size = zoom::title_size(self.zoom);
        let half = 14.0 * zoom::size(self.zoom);
        let things = self.spools.iter().copied();
        let things = things.chain(self.knots.iter().map(|knot| knot.at));
        let mut taken: Vec<Taken> = things.map(|at| Taken::around(at, half)).collect();
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        order.sort_by_key(|nth| 10 - self.knots[*nth].left);
        let titles = order.into_iter().map(|nth| {
            let (node, knot) = (nodes[nth], &self.knots[nth]);
            let out = KNOT_OUT[usize::from(knot.rings)];
            let is_above = ground.is_above(node.id.0.as_u128());
            let (text, at) = (&*node.title, knot.at);
            Wanted {
                text,
                at,
                size,
                out,
                is_above,
            }
        });
        let spools = roles.iter().map(|(id, (place, name))| {
            let id = id.0.as_u128();
            let (text, at, size) = (*name, ground.at(id, *place), size - 1.0);
            let is_above = ground.is_above(id);
            Wanted {
                text,
                at,
                size,
                out: SPOOL_OUT,
                is_above,
            }
        });
        let mut found = Vec::new();
        for wanted in titles.chain(spools) {
            if found.len() == max {
                break;
            }
            if wanted.at.0.abs() < FAR && wanted.at.1.abs() < FAR {
                found.extend(names::place(&wanted, &mut taken));
            }
        }
        self.names = found;
    }
}

/// Where things are drawn.
struct Ground<'a> {
    projection: &'a Projection,
    /// How far beside its place each thing is that shares it.
    beside: BTreeMap<u128, Point>,
    apart: f64,
}

impl Ground<'_> {
    fn at(&self, id: u128, place: Place) -> Point {
        let (x, y) = self.projection.at(place);
        let (right, down) = self.beside.get(&id).copied().unwrap_or_default();
        (x + right * self.apart, y + down * self.apart)
    }

    /// Whether it hangs above others.
    fn is_above(&self, id: u128) -> bool {
        self.beside.get(&id).is_some_and(|(_, down)| *down < -1.0)
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
