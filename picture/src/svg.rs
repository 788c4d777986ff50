//! A scene as inline SVG: its middle is at 0, 0, a unit is a pixel, and its colours are the style sheet's.

use core::fmt::Write as _;
use std::collections::BTreeSet;

use domain::link::Camera;
use domain::weave::{NodeKind, ThreadKind};

use crate::projection::{Point, Projection};
use crate::scene::{Around, Bounds, Knot, Line, Name, Scene, Thread, Woven};
use crate::{knots, names, palette, zoom};

/// Bytes at most: a page is read by phones on slow networks, and this stands before its text.
pub const BYTES_MAX: usize = 12 * 1024;
/// What is drawn, from much to little, until it has room.
const BOUNDS: [Bounds; 4] = [
    Bounds {
        knots: 60,
        threads: 150,
        names: 24,
    },
    Bounds {
        knots: 48,
        threads: 110,
        names: 16,
    },
    Bounds {
        knots: 36,
        threads: 70,
        names: 10,
    },
    Bounds {
        knots: 24,
        threads: 40,
        names: 0,
    },
];
/// Points of a knot's strand: enough for its size.
const STRAND_POINTS: usize = 40;

/// The picture of what a camera sees; empty where there is nothing to draw.
#[must_use]
pub fn view(woven: &Woven<'_>, camera: Camera) -> String {
    let projection = Projection::new(camera);
    BOUNDS
        .into_iter()
        .map(|bounds| write(&Scene::new(woven, &projection, bounds)))
        .find(|svg| svg.len() <= BYTES_MAX)
        .unwrap_or_default()
}

/// A scene as SVG; empty where there is nothing in it.
#[must_use]
pub fn write(scene: &Scene) -> String {
    if scene.knots.is_empty() {
        return String::new();
    }
    let mut svg = String::from(
        "<svg width=\"1\" height=\"1\" fill=\"none\" aria-hidden=\"true\" focusable=\"false\">",
    );
    define(scene, &mut svg);
    for Around { middle, radius } in &scene.around {
        let (x, y) = (whole(middle.0), whole(middle.1));
        _ = write!(
            svg,
            "<circle class=\"around\" cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>",
            whole(*radius)
        );
    }
    threads(scene, &mut svg);
    tufts(scene, &mut svg);
    let size = zoom::title_size(scene.zoom);
    _ = write!(svg, "<g class=\"name\" font-size=\"{}\">", number(size));
    for name in &scene.names {
        write_name(name, size, &mut svg);
    }
    svg.push_str("</g>");
    for at in &scene.spools {
        _ = write!(svg, "<use href=\"#wv-spool\" {}/>", x_y(*at));
    }
    for knot in scene.knots.iter().filter(|knot| knot.rings > 0) {
        let rings = knot.rings;
        _ = write!(svg, "<use href=\"#wv-rings-{rings}\" {}/>", x_y(knot.at));
    }
    for knot in scene.knots.iter().filter(|knot| knot.is_ending) {
        _ = write!(svg, "<use href=\"#wv-ending\" {}/>", x_y(knot.at));
    }
    for Knot { kind, left, at, .. } in &scene.knots {
        let faded = opacity(*left, 1.0);
        _ = write!(
            svg,
            "<use href=\"#wv-{}\" {}{faded}/>",
            kind.code(),
            x_y(*at)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// The shapes that stand many times: spool and kinds of knots.
fn define(scene: &Scene, svg: &mut String) {
    let scale = number(zoom::size(scene.zoom));
    svg.push_str("<defs>");
    if !scene.spools.is_empty() {
        let winding = path(knots::winding().step_by(3), false);
        _ = write!(
            svg,
            "<g id=\"wv-spool\" transform=\"scale({scale})\"><circle r=\"12\" class=\"wv-disk wv-rim\" stroke-width=\"3\"/>\
             <path class=\"wv-ink\" stroke-width=\"1.6\" d=\"{winding}\"/></g>"
        );
    }
    if scene.knots.iter().any(|knot| knot.is_ending) {
        let (out, wide, [dash, gap]) = (knots::ENDING, knots::ENDING_CORD, knots::ENDING_DASH);
        _ = write!(
            svg,
            "<circle id=\"wv-ending\" transform=\"scale({scale})\" class=\"wv-ink\" r=\"{out}\" stroke-width=\"{wide}\" \
             stroke-dasharray=\"{dash} {gap}\"/>"
        );
    }
    let kinds: BTreeSet<NodeKind> = scene.knots.iter().map(|knot| knot.kind).collect();
    for kind in kinds {
        let strand = path(knots::strand(kind, STRAND_POINTS), true);
        _ = write!(
            svg,
            "<g id=\"wv-{}\" transform=\"scale({scale})\"><circle r=\"{}\" class=\"wv-disk\"/>\
             <path class=\"wv-ink\" stroke-width=\"{}\" stroke-linejoin=\"round\" d=\"{strand}\"/></g>",
            kind.code(),
            knots::DISK,
            knots::STRAND,
        );
    }
    let rings: BTreeSet<u8> = scene.knots.iter().map(|knot| knot.rings).collect();
    for count in rings.into_iter().filter(|count| *count > 0) {
        _ = write!(
            svg,
            "<g id=\"wv-rings-{count}\" transform=\"scale({scale})\">"
        );
        let (cord, seam) = (number(knots::CORD), number(knots::CORD_SEAM));
        let [ply, gap] = knots::CORD_DASH.map(number);
        for radius in knots::rings(count) {
            let radius = number(radius);
            _ = write!(
                svg,
                "<circle r=\"{radius}\" class=\"wv-rim\" stroke-width=\"{cord}\"/>\
                 <circle r=\"{radius}\" class=\"wv-seam\" stroke-width=\"{seam}\" stroke-dasharray=\"{ply} {gap}\"/>"
            );
        }
        svg.push_str("</g>");
    }
    svg.push_str("</defs>");
}

/// Threads of one look are one path; they come sorted by it.
fn threads(scene: &Scene, svg: &mut String) {
    let looks = |one: &Thread, other: &Thread| {
        (one.kind, one.left, one.is_yarn) == (other.kind, other.left, other.is_yarn)
    };
    let (thin, thick) = (zoom::width(scene.zoom), zoom::yarn_width(scene.zoom));
    let seen = zoom::seen(scene.zoom);
    for (nth, alike) in scene.lines.chunk_by(looks).enumerate() {
        let Thread {
            kind,
            left,
            is_yarn,
            ..
        } = alike[0];
        let mut curves = String::new();
        for Thread { from, bend, to, .. } in alike {
            _ = write!(curves, "M{}Q{}", pair(*from), pair(*bend));
            separated(*to, &mut curves);
        }
        let (class, faded) = (kind.code(), opacity(left, seen));
        if is_yarn {
            // Two plies: a line, and a seam along it that winds.
            let (plies, seam) = (number(thick), number(thick * 0.28));
            let wound = format!("{} {}", number(thick * 1.1), number(thick * 0.5));
            _ = write!(
                svg,
                "<g{faded}><g class=\"{class}\" stroke-width=\"{plies}\"><path id=\"wv-y{nth}\" d=\"{curves}\"/></g>\
                 <g class=\"seam\" stroke-width=\"{seam}\" stroke-dasharray=\"{wound}\"><use href=\"#wv-y{nth}\"/></g></g>"
            );
        } else {
            let dash = dash(kind, thin);
            _ = write!(
                svg,
                "<path class=\"{class}\" stroke-width=\"{}\"{dash}{faded} d=\"{curves}\"/>",
                number(thin)
            );
        }
    }
}

fn dash(kind: ThreadKind, width: f64) -> String {
    let dash = palette::dash(kind);
    if dash.is_empty() {
        return String::new();
    }
    let lengths: Vec<String> = dash.iter().map(|part| number(part * width)).collect();
    format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
}

/// Three short ends of a thread.
fn tufts(scene: &Scene, svg: &mut String) {
    let scale = number(zoom::size(scene.zoom));
    for tuft in &scene.tufts {
        _ = write!(
            svg,
            "<path class=\"{}\" stroke-width=\"2\"{} transform=\"translate({})rotate({})scale({scale})\" \
             d=\"M0 0Q-2-15-5-24M0 0V-29M0 0Q2-15 5-24\"/>",
            tuft.kind.code(),
            opacity(tuft.left, 1.0),
            pair(tuft.at),
            tuft.turn,
        );
    }
}

fn write_name(name: &Name, usual: f64, svg: &mut String) {
    let anchor = match name.line {
        Line::Start => " text-anchor=\"start\"",
        Line::Middle => "",
        Line::End => " text-anchor=\"end\"",
    };
    let size = if name.size == usual {
        String::new()
    } else {
        format!(" font-size=\"{}\"", number(name.size))
    };
    for (nth, line) in name.lines.iter().enumerate() {
        let down = nth as f64 * names::line_height(name.size);
        let at = x_y((name.at.0, name.at.1 + down));
        _ = write!(svg, "<text {at}{anchor}{size}>");
        escape(line, svg);
        svg.push_str("</text>");
    }
}

fn escape(text: &str, svg: &mut String) {
    for c in text.chars() {
        match c {
            '&' => svg.push_str("&amp;"),
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            _ if c.is_control() => {}
            _ => svg.push(c),
        }
    }
}

/// A run of points, each from the one before, to a tenth of a pixel.
fn path(points: impl Iterator<Item = Point>, closed: bool) -> String {
    let mut path = String::new();
    let mut before = (0_i64, 0_i64);
    for (nth, (x, y)) in points.enumerate() {
        let tenths = (libm::round(x * 10.0) as i64, libm::round(y * 10.0) as i64);
        let step = (
            (tenths.0 - before.0) as f64 / 10.0,
            (tenths.1 - before.1) as f64 / 10.0,
        );
        path.push(if nth == 0 { 'm' } else { 'l' });
        path.push_str(&pair(step));
        before = tenths;
    }
    if closed {
        path.push('z');
    }
    path
}

fn opacity(tenths: u8, seen: f64) -> String {
    let opacity = f64::from(tenths) / 10.0 * seen;
    // As the map: nothing fades quite.
    let opacity = opacity.max(0.15 * seen);
    if opacity >= 0.995 {
        String::new()
    } else {
        format!(" opacity=\"{}\"", number(opacity))
    }
}

fn x_y((x, y): Point) -> String {
    format!("x=\"{}\" y=\"{}\"", whole(x), whole(y))
}

fn pair((x, y): Point) -> String {
    let mut pair = whole(x);
    separated_number(y, &mut pair);
    pair
}

/// Appends a point: a minus separates as well as a blank.
fn separated((x, y): Point, path: &mut String) {
    separated_number(x, path);
    separated_number(y, path);
}

fn separated_number(value: f64, path: &mut String) {
    let text = whole(value);
    if !text.starts_with('-') {
        path.push(' ');
    }
    path.push_str(&text);
}

/// A length on the picture: far ones to the pixel, the short steps of a shape to a tenth.
fn whole(value: f64) -> String {
    if value.abs() >= 20.0 {
        return (libm::round(value) as i64).to_string();
    }
    number(libm::round(value * 10.0) / 10.0)
}

/// To hundredths, without the zeros at its end or before its point.
fn number(value: f64) -> String {
    let hundredths = libm::round(value * 100.0) as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let whole = if whole == 0 && rest > 0 {
        String::new()
    } else {
        whole.to_string()
    };
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        for (value, text) in [
            (0.0, "0"),
            (-0.001, "0"),
            (0.55, ".55"),
            (-0.5, "-.5"),
            (12.0, "12"),
            (1.05, "1.05"),
            (2.2, "2.2"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(whole(-123.6), "-124");
        assert_eq!(pair((3.24, -7.0)), "3.2-7");
    }
}
