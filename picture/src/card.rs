//! The picture of a link, as messengers show it beside what was shared: 1200 × 630 pixels of linen, with a knot, what holds it
//! and its title.

use domain::id::NodeId;
use domain::link::Camera;
use domain::place::Place;
use domain::weave::Target;
use tiny_skia::{Color, GradientStop, LinearGradient, Paint, Pixmap, Rect, SpreadMode, Transform};

use crate::letters::{Letters, Pen, Weight};
use crate::projection::{Point, Projection};
use crate::scene::{Bounds, Scene, Woven};
use crate::{names, paint, palette};

/// In pixels.
pub const WIDTH: u32 = 1200;
pub const HEIGHT: u32 = 630;

/// So many pixels of the card are one of the map's.
const FINE: f32 = 2.0;
/// The middle of the weave on it.
const MIDDLE: (f32, f32) = (830.0, 315.0);
/// Where its text begins, how wide that may be, and where its last line stands.
const LEFT: f32 = 72.0;
const TEXT_WIDE: f32 = 470.0;
const FOOT: f32 = 562.0;
/// A title's sizes, the largest first, each with the lines that it has room for.
const SIZES: [(f32, usize); 4] = [(68.0, 4), (58.0, 5), (48.0, 6), (40.0, 8)];
const LINE_HEIGHT: f32 = 1.14;
const BOUNDS: Bounds = Bounds {
    knots: 40,
    threads: 200,
    names: 0,
};
/// How near it looks at most and at least, in hundredths.
const NEAREST: u16 = 1700;
const FARTHEST: u16 = 1350;
/// How far from the middle most of what holds a knot should lie, in the map's pixels.
const WITHIN: f64 = 120.0;

/// What a card shows.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    pub title: &'a str,
    /// What is written small below it.
    pub foot: &'a str,
    pub woven: Woven<'a>,
    /// What lies in its middle.
    pub centre: Place,
    /// The knot there, if it is about one.
    pub middle: Option<NodeId>,
}

/// The card could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    #[error("there is no memory for a picture")]
    NoMemory,
    #[error("a picture cannot be packed: {0}")]
    Packing(String),
}

impl Card<'_> {
    /// What is drawn of the weave: the same rows make the same.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let far = Projection::new(Camera {
            centre: self.centre,
            zoom_centi: NEAREST,
        });
        let mut distances: Vec<u32> = self
            .woven
            .threads
            .iter()
            .filter(|thread| self.middle.map(Target::Node) == Some(thread.target))
            .filter_map(|thread| Some(far.at(thread.from?)))
            .map(|(x, y)| libm::hypot(x, y) as u32)
            .collect();
        distances.sort_unstable();
        // Three of four ends are to be seen.
        let most = distances.get(distances.len() * 3 / 4).copied();
        let zoom_centi = most.map_or(1600, |most| {
            let out = libm::log2((f64::from(most) / WITHIN).max(1.0)) * 100.0;
            NEAREST.saturating_sub(out as u16).max(FARTHEST)
        });
        let projection = Projection::new(Camera {
            centre: self.centre,
            zoom_centi,
        });
        Scene::new(&self.woven, &projection, BOUNDS)
    }

    /// Draws it as a PNG.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn png(&self, letters: &Letters) -> Result<Vec<u8>, CardError> {
        let mut canvas = Pixmap::new(WIDTH, HEIGHT).ok_or(CardError::NoMemory)?;
        canvas.fill(palette::color(palette::LINEN, 1.0));
        let scene = self.scene();
        let (x, y): Point = scene
            .knots
            .iter()
            .find(|knot| Some(knot.id) == self.middle)
            .map_or((0.0, 0.0), |knot| knot.at);
        let to = Transform::from_translate(MIDDLE.0, MIDDLE.1)
            .pre_scale(FINE, FINE)
            .pre_translate(-x as f32, -y as f32);
        paint::scene(&mut canvas, &scene, self.middle, to);
        veil(&mut canvas);
        paint::weft(&mut canvas);
        self.write(&mut canvas, letters);
        canvas
            .encode_png()
            .map_err(|error| CardError::Packing(error.to_string()))
    }

    /// The title in the largest size that it has room in, its middle beside the knot, and the foot.
    fn write(&self, canvas: &mut Pixmap, letters: &Letters) {
        let title = names::written(self.title);
        let foot = letters.at(30.0, Weight(500.0));
        write_line(canvas, &foot, self.foot, FOOT, palette::SOFT);
        for (nth, (size, room)) in SIZES.into_iter().enumerate() {
            let pen = letters.at(size, Weight(640.0));
            // What the typeface has no letters for stands in the words beside the picture.
            if title.is_empty() || !pen.can_write(&title) {
                return;
            }
            let is_last = nth + 1 == SIZES.len();
            let lines = match broken(&title, &pen, room, is_last) {
                Some(lines) => lines,
                None if is_last => return,
                None => continue,
            };
            let high = lines.len() as f32 * size * LINE_HEIGHT;
            let first = (FOOT - 40.0).midpoint(60.0) - high / 2.0 + size * 0.8;
            for (nth, line) in lines.iter().enumerate() {
                let ground = first + nth as f32 * size * LINE_HEIGHT;
                write_line(canvas, &pen, line, ground, palette::INK);
            }
            return;
        }
    }
}

fn write_line(canvas: &mut Pixmap, pen: &Pen<'_>, line: &str, ground: f32, colour: [u8; 3]) {
    if let Some(outline) = pen.outline(line, LEFT, ground) {
        paint::fill(canvas, &outline, colour, 1.0, Transform::identity());
    }
}

/// A text in lines that have room, words broken only where one is wider than a line; none where it needs too many, unless it is
/// to be `cut`.
fn broken(text: &str, pen: &Pen<'_>, room: usize, cut: bool) -> Option<Vec<String>> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut has_broken = false;
    for word in text.split(' ') {
        let line = lines.last_mut()?;
        let separated = if line.is_empty() { "" } else { " " };
        let longer = [line, separated, word].concat();
        if pen.width(&longer) <= TEXT_WIDE {
            *line = longer;
            continue;
        }
        if pen.width(word) <= TEXT_WIDE {
            lines.push(word.to_owned());
            continue;
        }
        has_broken = true;
        for c in word.chars() {
            let line = lines.last_mut()?;
            line.push(c);
            if pen.width(line) > TEXT_WIDE {
                line.pop();
                lines.push(c.to_string());
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() <= room && (!has_broken || cut) {
        return Some(lines);
    }
    if !cut {
        return None;
    }
    lines.truncate(room);
    let last = lines.last_mut()?;
    while pen.width(last) + pen.width("…") > TEXT_WIDE && last.pop().is_some() {}
    last.push('…');
    Some(lines)
}

/// Linen over the threads that would run under the text.
fn veil(canvas: &mut Pixmap) {
    let [red, green, blue] = palette::LINEN;
    let stop =
        |at: f32, opacity: u8| GradientStop::new(at, Color::from_rgba8(red, green, blue, opacity));
    let shader = LinearGradient::new(
        tiny_skia::Point::from_xy(0.0, 0.0),
        tiny_skia::Point::from_xy(WIDTH as f32, 0.0),
        vec![stop(0.0, 255), stop(0.42, 255), stop(0.56, 0), stop(1.0, 0)],
        SpreadMode::Pad,
        Transform::identity(),
    );
    let all = Rect::from_xywh(0.0, 0.0, WIDTH as f32, HEIGHT as f32);
    if let (Some(shader), Some(all)) = (shader, all) {
        let paint = Paint {
            shader,
            ..Paint::default()
        };
        canvas.fill_rect(all, &paint, Transform::identity(), None);
    }
}
