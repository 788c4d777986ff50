//! The colours of a picture that knows no style sheet: those of `style/roles.css` by day.

use domain::weave::ThreadKind;
use tiny_skia::Color;

pub(crate) const LINEN: [u8; 3] = [0xef, 0xe8, 0xda];
pub(crate) const INK: [u8; 3] = [0x2a, 0x26, 0x21];
pub(crate) const SOFT: [u8; 3] = [0x63, 0x5a, 0x4d];
pub(crate) const SPOOL: [u8; 3] = [0x70, 0x58, 0x48];
/// Warp and weft, barely to be seen.
pub(crate) const WEFT: ([u8; 3], f32) = ([110, 90, 60], 0.055);

/// The hue of a kind of thread.
pub(crate) const fn hue(kind: ThreadKind) -> [u8; 3] {
    match kind {
        ThreadKind::Create => [0x48, 0x74, 0xc4],
        ThreadKind::Change => [0x05, 0x65, 0x59],
        ThreadKind::Talk => [0x5d, 0x2d, 0x7b],
        ThreadKind::Join => [0x86, 0x1d, 0x02],
        ThreadKind::Vouch => [0xc8, 0x20, 0x90],
    }
}

/// A kind's dash, in widths of its line; none: it is drawn through.
pub(crate) const fn dash(kind: ThreadKind) -> &'static [f64] {
    match kind {
        ThreadKind::Create => &[],
        ThreadKind::Change => &[5.0, 1.5, 1.0, 1.5],
        ThreadKind::Talk => &[1.0, 1.2],
        ThreadKind::Join => &[4.0, 2.0],
        ThreadKind::Vouch => &[2.0, 1.0, 2.0, 3.0],
    }
}

pub(crate) fn color([red, green, blue]: [u8; 3], opacity: f32) -> Color {
    let opacity = (opacity.clamp(0.0, 1.0) * 255.0) as u8;
    Color::from_rgba8(red, green, blue, opacity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_the_style_sheets() {
        let sheet = include_str!("../../style/roles.css");
        let (day, _) = sheet.split_once("@media").expect("a day and a night");
        let named = ThreadKind::ALL.map(|kind| (format!("--thread-{}", kind.code()), hue(kind)));
        let others = [
            ("--map-linen", LINEN),
            ("--map-ink", INK),
            ("--soft", SOFT),
            ("--map-spool", SPOOL),
        ];
        let others = others.map(|(name, colour)| (name.to_owned(), colour));
        for (name, [red, green, blue]) in named.into_iter().chain(others) {
            let line = format!("{name}: #{red:02x}{green:02x}{blue:02x};");
            assert!(day.contains(&line), "{line}");
        }
    }

    /// One kind is told from another by its dash where the hue does not tell, so that it has to be the same one everywhere.
    #[test]
    fn dashes_are_those_of_the_map_and_of_the_rows() {
        let map = include_str!("../../public/js/map/layers.js");
        let rows = include_str!("../../style/weave.css");
        let line = map.lines().find(|line| line.starts_with("const DASH"));
        let line = line.expect("the map has dashes");
        for (kind, in_rows) in [
            (ThreadKind::Change, "0 0.625rem"),
            (ThreadKind::Talk, "0 0.1875rem"),
            (ThreadKind::Join, "0 0.5rem"),
            (ThreadKind::Vouch, "0 0.25rem"),
        ] {
            let numbers: Vec<String> = dash(kind).iter().map(f64::to_string).collect();
            let of_map = format!("{}: [{}]", kind.code(), numbers.join(", "));
            assert!(line.contains(&of_map), "{of_map} in {line}");
            let rule = format!("\n.strand[data-kind=\"{}\"] {{", kind.code());
            let (_, rest) = rows.split_once(&rule).expect("a rule of the kind");
            let (rule, _) = rest.split_once('}').expect("its end");
            assert!(rule.contains(in_rows), "{}: {rule}", kind.code());
        }
        assert!(dash(ThreadKind::Create).is_empty() && !line.contains("create"));
    }
}
