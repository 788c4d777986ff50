//! The rooms that this page listens to: what is wished for, what is held, what was left a moment ago.

use std::collections::BTreeMap;

use domain::cover::{Bounds, cover};
use domain::cursor::Cursor;
use domain::id::NodeId;
use domain::link::Camera;
use domain::place::{Cell, HELD_MAX, Place};
use domain::time::Millis;
use domain::view::CellView;
use domain::wire::{RoomFrame, RoomId, RoomNews, RoomWish};

/// How long a left room is kept, in milliseconds.
pub const LEFT_KEPT_MS: i64 = 60_000;

/// How far a list without a map looks at most to each side, in degrees of latitude: about 2.5 km, so that
/// there are rooms on any window.
const LIST_DEGREES: f64 = 0.0225;

/// What a window of `width` × `height` pixels shows at `camera` where no map tells it, but no more than has
/// rooms. Mercator's scale is taken as even across the window.
#[must_use]
pub fn around(camera: Camera, width: f64, height: f64) -> Bounds {
    // MapLibre's world is 512 pixels wide at zoom 0.
    let degrees = 360.0 / (512.0 * (f64::from(camera.zoom_centi) / 100.0).exp2());
    let narrowing = camera.centre.narrowing();
    let Place { lat, lon } = camera.centre;
    let east = (width / 2.0 * degrees).min(LIST_DEGREES / narrowing) * 1e7;
    let north = (height / 2.0 * degrees * narrowing).min(LIST_DEGREES) * 1e7;
    let (east, north) = (east as i32, north as i32);
    let turned = |lon: i32| match lon {
        ..-1_800_000_000 => (i64::from(lon) + 3_600_000_000) as i32,
        1_800_000_001.. => (i64::from(lon) - 3_600_000_000) as i32,
        _ => lon,
    };
    Bounds {
        south_west: Place {
            lat: (lat - north).max(-900_000_000),
            lon: turned(lon - east),
        },
        north_east: Place {
            lat: (lat + north).min(900_000_000),
            lon: turned(lon + east),
        },
    }
}

/// One room's state as the server sent it.
#[derive(Clone, Debug, Default)]
struct Room {
    view: CellView,
    /// The position of `view`; none: it has not come yet.
    cursor: Option<Cursor>,
    /// The wish that is to be answered; none: the server has answered, and the room goes with the connection.
    asked: Option<u32>,
}

/// The wish has not been said yet.
const UNSAID: u32 = u32::MAX;

/// All rooms of the page.
#[derive(Debug, Default)]
pub struct Rooms {
    /// Cells, and behind them the open conversation.
    wished: BTreeMap<RoomId, Room>,
    left: Vec<(RoomId, Millis, Room)>,
    /// How many wishes were said.
    said: u32,
    /// The view is too wide for rooms: one has to zoom in.
    pub too_wide: bool,
}

impl Rooms {
    /// Looks at `bounds`: rooms of the view and one ring are wished for, those held are left only beyond a
    /// second ring. Returns whether the wishes changed, so that the server has to be told.
    pub fn look(&mut self, bounds: Bounds, now: Millis) -> bool {
        self.left.retain(|(_, at, _)| now - *at < LEFT_KEPT_MS);
        let held = self.cells().next().map(Cell::resolution);
        let cover = cover(bounds, held);
        self.too_wide = cover.is_none();
        let mut cells = std::collections::BTreeSet::new();
        if let Some(cover) = cover {
            let kept: Vec<Cell> = self
                .cells()
                .filter(|cell| cover.keep.contains(cell))
                .collect();
            cells = cover.cells;
            for cell in kept {
                if cells.len() >= HELD_MAX {
                    break;
                }
                cells.insert(cell);
            }
        }
        let talk = self.talk().map(RoomId::Talk);
        self.want(
            cells.into_iter().map(RoomId::Cell).chain(talk).collect(),
            now,
        )
    }

    /// Listens to the conversation of this knot, or to none. Returns whether the server has to be told.
    pub fn open(&mut self, node: Option<NodeId>, now: Millis) -> bool {
        if self.talk() == node {
            return false;
        }
        let cells = self.cells().map(RoomId::Cell);
        self.want(cells.chain(node.map(RoomId::Talk)).collect(), now)
    }

    /// Wishes for these rooms, which ascend, and no others.
    fn want(&mut self, wanted: Vec<RoomId>, now: Millis) -> bool {
        if wanted.iter().eq(self.wished.keys()) {
            return false;
        }
        for (id, room) in std::mem::take(&mut self.wished) {
            if wanted.contains(&id) {
                self.wished.insert(id, room);
            } else if room.cursor.is_some() {
                self.left.push((id, now, room));
            }
        }
        for id in wanted {
            if !self.wished.contains_key(&id) {
                let left = self.left.iter().position(|(left, _, _)| *left == id);
                let mut room = left
                    .map(|at| self.left.swap_remove(at).2)
                    .unwrap_or_default();
                room.asked = Some(UNSAID);
                self.wished.insert(id, room);
            }
        }
        true
    }

    fn cells(&self) -> impl Iterator<Item = Cell> {
        self.wished.keys().filter_map(|id| id.cell())
    }

    fn talk(&self) -> Option<NodeId> {
        match self.wished.last_key_value()?.0 {
            RoomId::Talk(node) => Some(*node),
            RoomId::Cell(_) => None,
        }
    }

    /// What the room of the open conversation shows; none: it has not come.
    #[must_use]
    pub fn said(&self) -> Option<&CellView> {
        let room = self.wished.get(&RoomId::Talk(self.talk()?))?;
        room.cursor.is_some().then_some(&room.view)
    }

    /// Another connection has begun: nothing is answered on it yet.
    pub fn reconnected(&mut self) {
        for room in self.wished.values_mut() {
            room.asked = Some(UNSAID);
        }
    }

    /// What the server is told: every wished room with the position of the state at hand, under a number.
    #[must_use]
    pub fn wishes(&mut self) -> (u32, Vec<RoomWish>) {
        self.said += 1;
        for room in self
            .wished
            .values_mut()
            .filter(|room| room.asked == Some(UNSAID))
        {
            room.asked = Some(self.said);
        }
        let wish = |(id, room): (&RoomId, &Room)| RoomWish {
            room: *id,
            cursor: room.cursor,
        };
        (self.said, self.wished.iter().map(wish).collect())
    }

    /// Takes one message's news, made when wish `n` had been heard; afterwards every answered room is at `cursor`.
    pub fn take(&mut self, cursor: Cursor, n: u32, frames: Vec<RoomFrame>) {
        for frame in frames {
            // News of a room that was left while they were on their way.
            let Some(room) = self.wished.get_mut(&frame.room) else {
                continue;
            };
            // It was left and wished again meanwhile, and this is of before.
            if room.asked.is_some_and(|asked| n < asked) {
                continue;
            }
            match frame.news {
                RoomNews::Full(view) => {
                    room.view = view;
                    room.cursor = Some(cursor);
                }
                // A difference to a state that is not at hand says nothing; the whole state is on its way.
                RoomNews::Patch(patch) if room.cursor.is_some() => room.view.apply(&patch),
                RoomNews::Patch(_) => continue,
            }
            room.asked = None;
        }
        self.reached(cursor);
    }

    /// Nothing else has changed up to `cursor` in the rooms that were answered.
    pub fn reached(&mut self, cursor: Cursor) {
        for room in self.wished.values_mut() {
            if room.cursor.is_some() && room.asked.is_none() {
                room.cursor = Some(cursor);
            }
        }
    }

    /// Whether every wished room has a state.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.wished.values().all(|room| room.cursor.is_some())
    }

    /// Whether no room has a state, so that a page's rows are all that is shown.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.left.is_empty() && self.wished.values().all(|room| room.cursor.is_none())
    }

    /// Whether every wished room of the map's view has a state.
    #[must_use]
    pub fn has_all_cells(&self) -> bool {
        self.wished
            .iter()
            .all(|(id, room)| room.cursor.is_some() || id.cell().is_none())
    }

    /// Whether rooms that show features of the view are held, all with their state.
    #[must_use]
    pub fn is_held(&self) -> bool {
        let shows = self.cells().next().is_some_and(|any| !any.is_count_room());
        shows && self.has_all_cells()
    }

    /// Whether the wished rooms count what is there instead of showing it.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.cells().next().is_some_and(|any| any.is_count_room())
    }

    /// Whether what lies at `place` is in a room whose state is at hand.
    #[must_use]
    pub fn holds(&self, place: Place) -> bool {
        self.cells().next().is_some_and(|any| {
            if any.is_count_room() {
                return false;
            }
            let cell = place.cell().parent(any.resolution());
            let room = self.wished.get(&RoomId::Cell(cell));
            room.is_some_and(|room| room.cursor.is_some())
        })
    }

    /// One view of all cells over the rows of a page, of which only those count that lie in no room held.
    /// While some rooms are still on their way, what was left a moment ago stays in it, so that nothing
    /// flickers when one zooms.
    #[must_use]
    pub fn merged_over(&self, page: CellView) -> CellView {
        let mut view = page;
        view.nodes.retain(|_, node| !self.holds(node.place));
        view.spools.retain(|_, spool| !self.holds(spool.place));
        view.threads.retain(|_, thread| {
            let ends = [thread.from, thread.to];
            !ends.into_iter().flatten().any(|end| self.holds(end))
        });
        let is_cell = |id: &RoomId| id.cell().is_some();
        if !self.has_all_cells() {
            let arrived =
                (self.wished.iter()).any(|(id, room)| is_cell(id) && room.cursor.is_some());
            for (_, _, room) in self.left.iter().filter(|(id, _, _)| is_cell(id)) {
                view.merge(&room.view);
            }
            if arrived {
                // Counts of another resolution would count the same knots again.
                view.counts.clear();
            }
        }
        for (_, room) in self.wished.iter().filter(|(id, _)| is_cell(id)) {
            view.merge(&room.view);
        }
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::examples::cursor;
    use domain::view::Patch;
    use std::collections::BTreeSet;

    fn square(lat: i32, half: i32) -> Bounds {
        let (middle, turn) = (
            Place {
                lat,
                lon: 156_100_000,
            },
            half * 3 / 2,
        );
        Bounds {
            south_west: Place {
                lat: middle.lat - half,
                lon: middle.lon - turn,
            },
            north_east: Place {
                lat: middle.lat + half,
                lon: middle.lon + turn,
            },
        }
    }

    fn full(room: RoomId) -> RoomFrame {
        RoomFrame {
            room,
            news: RoomNews::Full(CellView::default()),
        }
    }

    fn cells(rooms: &Rooms) -> BTreeSet<Cell> {
        rooms.cells().collect()
    }

    fn said(rooms: &mut Rooms) -> Vec<RoomWish> {
        rooms.wishes().1
    }

    #[test]
    fn a_step_aside_leaves_no_room_and_a_journey_leaves_all() {
        let mut rooms = Rooms::default();
        assert!(rooms.look(square(484_100_000, 20_000), Millis(0)));
        let first = cells(&rooms);
        // Half of a room's width to and fro: what comes into view is asked for once, and nothing is let go.
        assert!(rooms.look(square(484_112_000, 20_000), Millis(1)));
        let wider = cells(&rooms);
        assert!(wider.is_superset(&first) && wider.len() > first.len());
        for (step, lat) in [484_100_000, 484_112_000, 484_106_000]
            .into_iter()
            .enumerate()
        {
            assert!(!rooms.look(square(lat, 20_000), Millis(2 + step as i64)));
        }
        assert!(rooms.look(square(485_100_000, 20_000), Millis(9)));
        assert!(cells(&rooms).is_disjoint(&first));
        assert!(cells(&rooms).len() <= HELD_MAX);
    }

    #[test]
    fn a_left_room_is_rejoined_at_its_position_for_a_minute() {
        let mut rooms = Rooms::default();
        let (here, there) = (square(484_100_000, 20_000), square(485_100_000, 20_000));
        rooms.look(here, Millis(0));
        assert!(!rooms.complete());
        let frames = said(&mut rooms)
            .into_iter()
            .map(|wish| full(wish.room))
            .collect();
        rooms.take(cursor(4), 1, frames);
        assert!(rooms.complete());
        rooms.look(there, Millis(10));
        assert!(said(&mut rooms).iter().all(|wish| wish.cursor.is_none()));
        rooms.look(here, Millis(20));
        assert!(
            said(&mut rooms)
                .iter()
                .all(|wish| wish.cursor == Some(cursor(4)))
        );
        rooms.look(there, Millis(30));
        rooms.look(here, Millis(31 + LEFT_KEPT_MS));
        assert!(said(&mut rooms).iter().all(|wish| wish.cursor.is_none()));
    }

    #[test]
    fn a_difference_without_a_state_is_ignored() {
        let mut rooms = Rooms::default();
        rooms.look(square(484_100_000, 20_000), Millis(0));
        let room = said(&mut rooms)[0].room;
        let patch = RoomFrame {
            room,
            news: RoomNews::Patch(Patch::default()),
        };
        rooms.take(cursor(2), 1, vec![patch]);
        assert!(!rooms.complete());
        assert!(said(&mut rooms)[0].cursor.is_none());
    }

    #[test]
    fn a_list_without_a_map_has_rooms_on_phone_and_desktop() {
        for (lat, lon) in [
            (484_100_000, 156_100_000),
            (-100, 1_799_999_999),
            (899_000_000, 0),
            (700_000_000, 0),
        ] {
            for (width, height) in [(390.0, 844.0), (2560.0, 1440.0)] {
                let camera = Camera {
                    centre: Place { lat, lon },
                    zoom_centi: 300,
                };
                let mut rooms = Rooms::default();
                assert!(rooms.look(around(camera, width, height), Millis(0)));
                assert!(!rooms.too_wide, "{lat} {lon} {width}");
            }
        }
    }

    #[test]
    fn a_pages_rows_count_only_where_no_room_is_held() {
        let mut rooms = Rooms::default();
        rooms.look(square(484_100_000, 20_000), Millis(0));
        let place = Place {
            lat: 484_100_000,
            lon: 156_100_000,
        };
        assert!(!rooms.holds(place) && rooms.is_blank());
        let frames = said(&mut rooms)
            .into_iter()
            .map(|wish| full(wish.room))
            .collect();
        rooms.take(cursor(4), 1, frames);
        assert!(rooms.holds(place) && rooms.is_held() && !rooms.is_blank());
        assert!(!rooms.holds(Place { lat: 0, lon: 0 }));
    }

    #[test]
    fn a_wide_view_counts_and_leaves_the_pages_rows_alone() {
        let mut rooms = Rooms::default();
        rooms.look(square(484_100_000, 1_500_000), Millis(0));
        assert!(!rooms.too_wide);
        let wishes = said(&mut rooms);
        assert!(
            wishes
                .iter()
                .all(|wish| wish.room.cell().is_some_and(Cell::is_count_room))
        );
        let frames = wishes.into_iter().map(|wish| full(wish.room)).collect();
        rooms.take(cursor(4), 1, frames);
        assert!(rooms.complete() && rooms.counts() && !rooms.is_held());
        let place = Place {
            lat: 484_100_000,
            lon: 156_100_000,
        };
        assert!(!rooms.holds(place));
    }

    #[test]
    fn too_wide_a_view_has_no_rooms() {
        let mut rooms = Rooms::default();
        rooms.look(square(484_100_000, 20_000), Millis(0));
        assert!(rooms.look(square(484_100_000, 30_000_000), Millis(1)));
        assert!(rooms.too_wide && said(&mut rooms).is_empty());
    }

    #[test]
    fn an_open_conversation_is_wished_beside_the_view_and_left_with_the_panel() {
        let node = NodeId(uuid::Uuid::from_u128(1));
        let mut rooms = Rooms::default();
        assert!(rooms.open(Some(node), Millis(0)) && !rooms.open(Some(node), Millis(0)));
        assert!(rooms.look(square(484_100_000, 20_000), Millis(0)));
        let wishes = said(&mut rooms);
        let (talk, view) = wishes.split_last().expect("wishes");
        assert_eq!(talk.room, RoomId::Talk(node));
        assert!(view.iter().all(|wish| wish.room.cell().is_some()));
        assert!(rooms.said().is_none());

        // The view's rooms are held before the conversation has come, and what is accepted waits for both.
        let frames = view.iter().map(|wish| full(wish.room)).collect();
        rooms.take(cursor(4), 1, frames);
        assert!(rooms.is_held() && !rooms.complete());
        rooms.take(cursor(5), 1, vec![full(talk.room)]);
        assert!(rooms.complete() && rooms.said().is_some());

        // Panning leaves it alone; another panel leaves it, for a minute with its position.
        assert!(rooms.look(square(485_100_000, 20_000), Millis(1)));
        assert!(rooms.said().is_some());
        assert!(rooms.open(None, Millis(2)) && rooms.said().is_none());
        assert!(
            said(&mut rooms)
                .iter()
                .all(|wish| wish.room.cell().is_some())
        );
        assert!(rooms.open(Some(node), Millis(3)));
        let again = said(&mut rooms).pop().expect("a wish");
        assert_eq!(
            (again.room, again.cursor),
            (RoomId::Talk(node), Some(cursor(5)))
        );
    }
}
