//! The streets of Spulendorf and the ways over the island. No motors: horse carts, bicycles, handcarts.

use super::curve::Curve;
use super::metres::{Metres, metres};

/// A street or a path.
#[derive(Clone, Debug)]
pub struct Street {
    pub name: &'static str,
    pub kind: StreetKind,
    pub(super) curve: Curve,
}

/// What a way is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreetKind {
    /// Paved with clinker, for carts.
    Lane,
    /// Of sand or grass, for carts.
    Track,
    /// For feet.
    Path,
}

impl StreetKind {
    /// Its class in the schema.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Lane => "minor",
            Self::Track => "track",
            Self::Path => "path",
        }
    }

    /// Metres from its middle to its edge.
    pub(super) fn half(self) -> f64 {
        match self {
            Self::Lane => 3.0,
            Self::Track => 2.0,
            Self::Path => 1.0,
        }
    }
}

impl Street {
    /// Its course.
    #[must_use]
    pub fn points(&self) -> &[Metres] {
        self.curve.points()
    }
}

type Course = (&'static str, StreetKind, &'static [(f64, f64)]);

const COURSES: [Course; 14] = {
    use StreetKind::{Lane, Path, Track};
    [
        (
            "Hafenstraße",
            Lane,
            &[
                (-40.0, -620.0),
                (-30.0, -400.0),
                (-10.0, -180.0),
                (0.0, 0.0),
            ],
        ),
        (
            "Strandstraße",
            Lane,
            &[(0.0, 0.0), (10.0, 260.0), (20.0, 520.0), (30.0, 820.0)],
        ),
        (
            "Kirchstraße",
            Lane,
            &[
                (-420.0, 20.0),
                (-200.0, 15.0),
                (0.0, 0.0),
                (160.0, -5.0),
                (380.0, -10.0),
            ],
        ),
        (
            "Fadengasse",
            Lane,
            &[
                (-300.0, 20.0),
                (-310.0, 260.0),
                (-120.0, 300.0),
                (10.0, 260.0),
            ],
        ),
        (
            "Webersteig",
            Lane,
            &[(160.0, -5.0), (200.0, 240.0), (60.0, 380.0), (15.0, 390.0)],
        ),
        (
            "Garnweg",
            Lane,
            &[(380.0, -10.0), (700.0, -60.0), (1150.0, -40.0)],
        ),
        (
            "Dünenweg",
            Lane,
            &[(-420.0, 20.0), (-800.0, 120.0), (-1500.0, 300.0)],
        ),
        (
            "Deichweg",
            Track,
            &[
                (-900.0, -480.0),
                (-400.0, -560.0),
                (-40.0, -600.0),
                (500.0, -540.0),
                (1100.0, -420.0),
            ],
        ),
        (
            "Reepschlägergang",
            Lane,
            &[
                (-200.0, 15.0),
                (-190.0, -260.0),
                (-60.0, -300.0),
                (-20.0, -300.0),
            ],
        ),
        (
            "Ostlandweg",
            Lane,
            &[(1150.0, -40.0), (1800.0, 20.0), (2400.0, 60.0)],
        ),
        (
            "Wäldchenweg",
            Lane,
            &[(380.0, -10.0), (460.0, 330.0), (520.0, 470.0)],
        ),
        (
            "Bohlenweg",
            Path,
            &[
                (30.0, 820.0),
                (400.0, 760.0),
                (900.0, 780.0),
                (1400.0, 700.0),
            ],
        ),
        (
            "Hellerpfad",
            Path,
            &[(1100.0, -420.0), (1500.0, -560.0), (2100.0, -520.0)],
        ),
        (
            "Leuchtturmpfad",
            Path,
            &[(-1500.0, 300.0), (-1650.0, 340.0), (-1900.0, 500.0)],
        ),
    ]
};

pub(super) fn all() -> Vec<Street> {
    COURSES
        .iter()
        .map(|(name, kind, points)| Street {
            name,
            kind: *kind,
            curve: Curve::through(&metres(points)),
        })
        .collect()
}

/// Ways without a name: (kind, course).
const BYWAYS: [(StreetKind, &[(f64, f64)]); 9] = {
    use StreetKind::{Path, Track};
    [
        // Over the beach to the water.
        (Path, &[(30.0, 820.0), (34.0, 900.0), (28.0, 985.0)]),
        (Path, &[(1400.0, 700.0), (1440.0, 820.0), (1425.0, 970.0)]),
        (
            Path,
            &[(-1900.0, 500.0), (-2010.0, 640.0), (-2040.0, 740.0)],
        ),
        // Through the little wood and on to the boardwalk.
        (
            Path,
            &[
                (520.0, 470.0),
                (610.0, 520.0),
                (640.0, 640.0),
                (600.0, 755.0),
            ],
        ),
        (
            Path,
            &[
                (460.0, 330.0),
                (580.0, 370.0),
                (690.0, 440.0),
                (610.0, 520.0),
            ],
        ),
        // Between the gardens.
        (
            Path,
            &[
                (-120.0, 300.0),
                (-128.0, 420.0),
                (-60.0, 560.0),
                (22.0, 600.0),
            ],
        ),
        (Path, &[(1150.0, -40.0), (1130.0, -230.0), (1100.0, -420.0)]),
        // To the fields, and to the bird observatory.
        (Track, &[(1800.0, 20.0), (1870.0, -140.0), (1990.0, -270.0)]),
        (
            Track,
            &[
                (-420.0, 20.0),
                (-520.0, -200.0),
                (-500.0, -400.0),
                (-480.0, -548.0),
            ],
        ),
    ]
};

pub(super) fn byways() -> Vec<(StreetKind, Curve)> {
    BYWAYS
        .iter()
        .map(|(kind, points)| (*kind, Curve::through(&metres(points))))
        .collect()
}
