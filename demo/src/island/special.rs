//! The buildings and spots that everybody on the island knows.

use super::metres::Metres;
use super::outline::Outline;
use super::rectangle::Rectangle;
use super::streets::Street;

/// A spot with a name, and the building on it, if there is one.
#[derive(Clone, Debug)]
pub(super) struct Special {
    pub(super) name: &'static str,
    /// Class and subclass in the schema's layer of points of interest.
    pub(super) class: (&'static str, &'static str),
    pub(super) at: Metres,
    pub(super) plot: Option<Rectangle>,
    pub(super) outlines: Vec<Outline>,
    /// Metres.
    pub(super) height: u32,
}

/// How a ground plan is shaped: metres along the front and across.
#[derive(Clone, Copy)]
enum Plan {
    /// No building.
    Open,
    Box(f64, f64),
    /// Two wings.
    Angle(f64, f64),
    /// Half its width.
    Round(f64),
    Church,
    Farm,
}

type Spot = (
    &'static str,
    (&'static str, &'static str),
    (f64, f64),
    Plan,
    u32,
);

const SPOTS: [Spot; 25] = [
    (
        "Inselkirche",
        ("place_of_worship", "place_of_worship"),
        (-58.0, 66.0),
        Plan::Church,
        18,
    ),
    (
        "Inselladen",
        ("grocery", "supermarket"),
        (60.0, 20.0),
        Plan::Angle(20.0, 15.0),
        8,
    ),
    (
        "Bäckerei",
        ("bakery", "bakery"),
        (-40.0, 30.0),
        Plan::Box(15.0, 11.0),
        9,
    ),
    (
        "Teestube „Zum Knäuel“",
        ("cafe", "cafe"),
        (-90.0, -15.0),
        Plan::Angle(16.0, 12.0),
        8,
    ),
    (
        "Gemeindehaus",
        ("community_centre", "community_centre"),
        (110.0, 30.0),
        Plan::Angle(22.0, 16.0),
        9,
    ),
    (
        "Rathaus",
        ("town_hall", "townhall"),
        (30.0, -60.0),
        Plan::Box(20.0, 13.0),
        13,
    ),
    (
        "Friedhof",
        ("cemetery", "cemetery"),
        (-122.0, 78.0),
        Plan::Open,
        0,
    ),
    (
        "Gemeinschaftsgarten",
        ("garden", "garden"),
        (260.0, 140.0),
        Plan::Open,
        0,
    ),
    (
        "Bootsschuppen",
        ("craft", "boatbuilder"),
        (-140.0, -560.0),
        Plan::Box(30.0, 16.0),
        9,
    ),
    (
        "Fährhaus",
        ("ferry_terminal", "ferry_terminal"),
        (-20.0, -640.0),
        Plan::Box(22.0, 10.0),
        8,
    ),
    (
        "Inselmuseum",
        ("museum", "museum"),
        (-260.0, 40.0),
        Plan::Angle(18.0, 13.0),
        9,
    ),
    (
        "Kita",
        ("kindergarten", "kindergarten"),
        (300.0, 60.0),
        Plan::Angle(20.0, 15.0),
        6,
    ),
    (
        "Arztpraxis",
        ("hospital", "doctors"),
        (200.0, -60.0),
        Plan::Box(16.0, 11.0),
        8,
    ),
    (
        "Ostlandhof",
        ("farm", "farm"),
        (2450.0, 90.0),
        Plan::Farm,
        11,
    ),
    (
        "Kurplatz",
        ("music", "bandstand"),
        (120.0, 300.0),
        Plan::Round(5.0),
        6,
    ),
    (
        "Minigolf",
        ("golf", "miniature_golf"),
        (150.0, 420.0),
        Plan::Open,
        0,
    ),
    (
        "Jugendtreff",
        ("community_centre", "youth_centre"),
        (420.0, -70.0),
        Plan::Box(17.0, 11.0),
        6,
    ),
    (
        "Bücherschrank",
        ("library", "public_bookcase"),
        (-15.0, -20.0),
        Plan::Open,
        0,
    ),
    (
        "Vogelwarte",
        ("information", "bird_hide"),
        (2000.0, -300.0),
        Plan::Box(13.0, 9.0),
        10,
    ),
    (
        "Wetterstation",
        ("information", "weather"),
        (-700.0, 200.0),
        Plan::Box(11.0, 8.0),
        6,
    ),
    (
        "Surfschuppen",
        ("sports", "surfing"),
        (60.0, 850.0),
        Plan::Box(14.0, 8.0),
        5,
    ),
    (
        "Inselschule",
        ("school", "school"),
        (640.0, 20.0),
        Plan::Angle(38.0, 24.0),
        10,
    ),
    (
        "Feuerwehr",
        ("fire_station", "fire_station"),
        (520.0, -110.0),
        Plan::Box(24.0, 15.0),
        9,
    ),
    (
        "Leuchtturm",
        ("lighthouse", "lighthouse"),
        (-1650.0, 340.0),
        Plan::Round(6.0),
        42,
    ),
    (
        "Spulenwäldchen",
        ("park", "park"),
        (650.0, 560.0),
        Plan::Open,
        0,
    ),
];

/// All of them, their fronts along the nearest street.
pub(super) fn all(streets: &[Street]) -> Vec<Special> {
    SPOTS
        .iter()
        .map(|&(name, class, (x, y), plan, height)| {
            let at = Metres::new(x, y);
            let (plot, outlines) = plan.built(at, nearest(at, streets));
            Special {
                name,
                class,
                at,
                plot,
                outlines,
                height,
            }
        })
        .collect()
}

/// Which way the nearest street runs.
fn nearest(at: Metres, streets: &[Street]) -> Metres {
    streets
        .iter()
        .map(|street| street.curve.nearest(at))
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map_or(Metres::new(1.0, 0.0), |(_, direction)| direction)
}

impl Plan {
    /// The ground it takes, and the outlines on it.
    fn built(self, middle: Metres, direction: Metres) -> (Option<Rectangle>, Vec<Outline>) {
        let plot = |long: f64, wide: f64| Rectangle {
            middle,
            direction,
            size: (long, wide),
        };
        let (plot, outlines) = match self {
            Self::Open => return (None, Vec::new()),
            Self::Box(long, wide) => {
                let plot = plot(long, wide);
                (plot, vec![plot.corners()])
            }
            Self::Angle(long, wide) => {
                let plot = plot(long, wide);
                let (long, wide) = (long / 2.0, wide / 2.0);
                let corners = [
                    (-long, -wide),
                    (long, -wide),
                    (long, wide * 0.1),
                    (-long * 0.15, wide * 0.1),
                    (-long * 0.15, wide),
                    (-long, wide),
                ];
                let outline = corners.map(|(ahead, left)| plot.at(ahead, left)).to_vec();
                (plot, vec![outline])
            }
            Self::Round(half) => {
                let outline = (0..12)
                    .map(|at| middle.moved(Metres::at_angle(f64::from(at) * 30.0), half, 0.0))
                    .collect();
                (plot(half * 2.0, half * 2.0), vec![outline])
            }
            Self::Church => {
                // From west to east, as churches stand: tower, nave, choir.
                let plot = Rectangle::new((middle.x, middle.y), 4.0, (33.0, 13.0));
                let corners = [
                    (-16.0, -3.6),
                    (-9.0, -3.6),
                    (-9.0, -6.0),
                    (9.0, -6.0),
                    (9.0, -4.0),
                    (14.0, -4.0),
                    (16.5, -1.8),
                    (16.5, 1.8),
                    (14.0, 4.0),
                    (9.0, 4.0),
                    (9.0, 6.0),
                    (-9.0, 6.0),
                    (-9.0, 3.6),
                    (-16.0, 3.6),
                ];
                let outline = corners.map(|(ahead, left)| plot.at(ahead, left)).to_vec();
                (plot, vec![outline])
            }
            Self::Farm => {
                let part = |x: f64, y: f64, degrees: f64, size: (f64, f64)| {
                    Rectangle::new((middle.x + x, middle.y + y), degrees, size).corners()
                };
                let parts = vec![
                    part(-24.0, 6.0, 6.0, (26.0, 13.0)),
                    part(12.0, 22.0, 96.0, (38.0, 17.0)),
                    part(6.0, -16.0, 8.0, (22.0, 10.0)),
                    part(40.0, 2.0, 96.0, (18.0, 9.0)),
                ];
                (plot(100.0, 80.0), parts)
            }
        };
        (Some(plot), outlines)
    }
}
