//! A scene on a ground of pixels.

use domain::id::NodeId;
use domain::weave::NodeKind;
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash,
    Transform,
};

use crate::projection::Point;
use crate::scene::{Around, Knot, Scene, Thread, Tuft};
use crate::{knots, palette, zoom};

/// The zoom from which on threads are drawn as they are.
const NEAR: f64 = 16.0;
/// Pieces of a strand, each of which lies over the earlier ones.
const PIECES: usize = 96;

/// Paints a scene; the knot in its middle, if there is one, larger than the others.
pub(crate) fn scene(canvas: &mut Pixmap, scene: &Scene, middle: Option<NodeId>, to: Transform) {
    for one in &scene.around {
        around(canvas, one, to);
    }
    for line in &scene.lines {
        // Seen as from near by: a card is looked at small.
        thread(canvas, line, scene.zoom.max(NEAR), to);
    }
    let size = zoom::size(scene.zoom) as f32;
    for end in &scene.tufts {
        tuft(canvas, end, size, to);
    }
    for at in &scene.spools {
        spool(canvas, moved(to, *at).pre_scale(size, size));
    }
    let is_middle = |knot: &&Knot| Some(knot.id) == middle;
    for one in scene.knots.iter().filter(|knot| !is_middle(knot)) {
        let opacity = f32::from(one.left) / 10.0;
        let to = moved(to, one.at).pre_scale(size, size);
        rings(canvas, one.rings, to);
        ending(canvas, one.is_ending, to);
        knot(canvas, one.kind, opacity, to);
    }
    if let Some(one) = scene.knots.iter().find(is_middle) {
        let to = moved(to, one.at).pre_scale(2.2, 2.2);
        rings(canvas, one.rings, to);
        ending(canvas, one.is_ending, to);
        knot(canvas, one.kind, 1.0, to);
    }
}

fn thread(canvas: &mut Pixmap, line: &Thread, near: f64, to: Transform) {
    let mut path = PathBuilder::new();
    let ((x, y), (x1, y1), (x2, y2)) = (line.from, line.bend, line.to);
    path.move_to(x as f32, y as f32);
    path.quad_to(x1 as f32, y1 as f32, x2 as f32, y2 as f32);
    let Some(path) = path.finish() else { return };
    let opacity = (f64::from(line.left) / 10.0 * zoom::seen(near)).max(0.15) as f32;
    let hue = palette::hue(line.kind);
    if line.is_yarn {
        let wide = zoom::yarn_width(near) as f32;
        draw(canvas, &path, hue, opacity, &stroke(wide, &[]), to);
        let seam = stroke(wide * 0.28, &[f64::from(wide) * 1.1, f64::from(wide) * 0.5]);
        draw(canvas, &path, palette::LINEN, opacity, &seam, to);
    } else {
        let wide = zoom::width(near);
        let dash: Vec<f64> = palette::dash(line.kind)
            .iter()
            .map(|part| part * wide)
            .collect();
        draw(canvas, &path, hue, opacity, &stroke(wide as f32, &dash), to);
    }
}

fn tuft(canvas: &mut Pixmap, tuft: &Tuft, size: f32, to: Transform) {
    let to = moved(to, tuft.at)
        .pre_concat(Transform::from_rotate(f32::from(tuft.turn)))
        .pre_scale(size, size);
    let mut path = PathBuilder::new();
    for (bend, end, top) in [(-1.7, -5.0, -24.0), (0.0, 0.0, -29.0), (1.7, 5.0, -24.0)] {
        path.move_to(0.0, 0.0);
        path.quad_to(bend, -15.0, end, top);
    }
    if let Some(path) = path.finish() {
        let opacity = f32::from(tuft.left) / 10.0;
        draw(
            canvas,
            &path,
            palette::hue(tuft.kind),
            opacity,
            &stroke(2.0, &[]),
            to,
        );
    }
}

fn around(canvas: &mut Pixmap, one: &Around, to: Transform) {
    let to = moved(to, one.middle);
    if let Some(circle) = PathBuilder::from_circle(0.0, 0.0, one.radius as f32) {
        fill(canvas, &circle, palette::SPOOL, 0.05, to);
        let edge = stroke(1.2, &[3.6, 3.6]);
        draw(canvas, &circle, palette::SPOOL, 0.6, &edge, to);
    }
}

/// A cord of two plies for each yarn that holds a knot.
fn rings(canvas: &mut Pixmap, count: u8, to: Transform) {
    for radius in knots::rings(count) {
        if let Some(ring) = PathBuilder::from_circle(0.0, 0.0, radius as f32) {
            let cord = stroke(knots::CORD as f32, &[]);
            draw(canvas, &ring, palette::SPOOL, 1.0, &cord, to);
            let seam = stroke(knots::CORD_SEAM as f32, &knots::CORD_DASH);
            draw(canvas, &ring, palette::LINEN, 1.0, &seam, to);
        }
    }
}

/// What is left of the cord around a knot in its last day.
fn ending(canvas: &mut Pixmap, is_ending: bool, to: Transform) {
    let ring = PathBuilder::from_circle(0.0, 0.0, knots::ENDING as f32);
    if let Some(ring) = ring.filter(|_| is_ending) {
        let cord = stroke(knots::ENDING_CORD as f32, &knots::ENDING_DASH);
        draw(canvas, &ring, palette::INK, 1.0, &cord, to);
    }
}

fn spool(canvas: &mut Pixmap, to: Transform) {
    disk(canvas, 12.0, 1.0, to);
    if let Some(rim) = PathBuilder::from_circle(0.0, 0.0, 12.0) {
        draw(canvas, &rim, palette::SPOOL, 1.0, &stroke(3.0, &[]), to);
    }
    if let Some(winding) = run(knots::winding()) {
        draw(canvas, &winding, palette::INK, 1.0, &stroke(1.6, &[]), to);
    }
}

fn knot(canvas: &mut Pixmap, kind: NodeKind, opacity: f32, to: Transform) {
    disk(canvas, knots::DISK as f32, 1.0, to);
    let strand: Vec<Point> = knots::strand(kind, PIECES).collect();
    let at = |i: usize| strand[i % PIECES];
    for i in 0..PIECES + 3 {
        let seam = run([at(i), at(i + 1)].into_iter());
        let piece = run([at(i), at(i + 1), at(i + 2)].into_iter());
        if let (Some(seam), Some(piece)) = (seam, piece) {
            let under = Stroke {
                line_cap: LineCap::Butt,
                ..stroke(knots::SEAM as f32, &[])
            };
            draw(canvas, &seam, palette::LINEN, 1.0, &under, to);
            let over = stroke(knots::STRAND as f32, &[]);
            draw(canvas, &piece, blended(opacity), 1.0, &over, to);
        }
    }
}

/// Ink as it looks on linen when it has faded: pieces that lie on each other must not show through.
fn blended(opacity: f32) -> [u8; 3] {
    core::array::from_fn(|i| {
        let (ink, linen) = (f32::from(palette::INK[i]), f32::from(palette::LINEN[i]));
        (linen + (ink - linen) * opacity.clamp(0.15, 1.0)) as u8
    })
}

fn disk(canvas: &mut Pixmap, radius: f32, opacity: f32, to: Transform) {
    if let Some(disk) = PathBuilder::from_circle(0.0, 0.0, radius) {
        fill(canvas, &disk, palette::LINEN, opacity, to);
    }
}

/// What makes a colour linen: warp and weft, barely to be seen.
pub(crate) fn weft(canvas: &mut Pixmap) {
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let (weft, opacity) = palette::WEFT;
    let mut paint = Paint::default();
    paint.set_color(palette::color(weft, opacity));
    paint.anti_alias = false;
    let step = |nth: u16| f32::from(nth) * 4.0;
    let across = (0..).map(step).take_while(|at| *at < height);
    let along = (0..).map(step).take_while(|at| *at < width);
    let threads = across
        .map(|y| Rect::from_xywh(0.0, y, width, 1.0))
        .chain(along.map(|x| Rect::from_xywh(x, 0.0, 1.0, height)));
    for thread in threads.flatten() {
        canvas.fill_rect(thread, &paint, Transform::identity(), None);
    }
}

/// Fills a shape.
pub(crate) fn fill(canvas: &mut Pixmap, path: &Path, colour: [u8; 3], opacity: f32, to: Transform) {
    let mut paint = Paint::default();
    paint.set_color(palette::color(colour, opacity));
    canvas.fill_path(path, &paint, FillRule::Winding, to, None);
}

fn draw(
    canvas: &mut Pixmap,
    path: &Path,
    colour: [u8; 3],
    opacity: f32,
    stroke: &Stroke,
    to: Transform,
) {
    let mut paint = Paint::default();
    paint.set_color(palette::color(colour, opacity));
    canvas.stroke_path(path, &paint, stroke, to, None);
}

fn stroke(width: f32, dash: &[f64]) -> Stroke {
    let lengths: Vec<f32> = dash.iter().map(|length| *length as f32).collect();
    let dash = (!lengths.is_empty()).then(|| StrokeDash::new(lengths, 0.0));
    Stroke {
        width,
        line_cap: if dash.is_some() {
            LineCap::Butt
        } else {
            LineCap::Round
        },
        line_join: LineJoin::Round,
        dash: dash.flatten(),
        ..Stroke::default()
    }
}

fn run(points: impl Iterator<Item = Point>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (nth, (x, y)) in points.enumerate() {
        if nth == 0 {
            path.move_to(x as f32, y as f32);
        } else {
            path.line_to(x as f32, y as f32);
        }
    }
    path.finish()
}

fn moved(to: Transform, (x, y): Point) -> Transform {
    to.pre_translate(x as f32, y as f32)
}
