//! The houses along the streets: where, how large and how turned is left to chance, within what is free.

use super::chance::Chance;
use super::curve::Curve;
use super::house::House;
use super::metres::Metres;
use super::outline::{self, Outline};
use super::rectangle::Rectangle;
use super::streets::{self, Street};
use super::{coast, green, special, village};

const SEED: u64 = 260;
/// Metres between two houses at least.
const GAP: f64 = 3.5;
/// Metres between a house and the edge of any way at least.
const FRONT_MIN: f64 = 2.2;
/// Metres beyond which a way is none of a house's business.
const NEAR: f64 = 30.0;
/// Metres between a house and the water at least.
const SHORE_MIN: f64 = 30.0;

/// Of so many of a hundred houses another stands in the garden.
const REAR: f64 = 20.0;

/// On which side houses stand, looking along the street.
#[derive(Clone, Copy, PartialEq)]
enum Sides {
    Both,
    Left,
}

/// A street, from where to where along it, metres from house to house, and on which sides.
const ROWS: [(&str, f64, f64, f64, Sides); 11] = [
    ("Kirchstraße", 14.0, 790.0, 33.0, Sides::Both),
    ("Hafenstraße", 70.0, 592.0, 35.0, Sides::Both),
    ("Strandstraße", 26.0, 486.0, 34.0, Sides::Both),
    ("Fadengasse", 28.0, 560.0, 36.0, Sides::Both),
    ("Reepschlägergang", 28.0, 455.0, 36.0, Sides::Both),
    ("Webersteig", 28.0, 480.0, 37.0, Sides::Both),
    ("Wäldchenweg", 28.0, 290.0, 40.0, Sides::Both),
    ("Garnweg", 14.0, 500.0, 42.0, Sides::Both),
    ("Dünenweg", 20.0, 430.0, 50.0, Sides::Both),
    ("Deichweg", 610.0, 1200.0, 66.0, Sides::Left),
    ("Ostlandweg", 120.0, 1120.0, 190.0, Sides::Both),
];

/// All houses that have an address.
pub(super) fn all(streets: &[Street]) -> Vec<House> {
    let mut ground = Ground::new(streets);
    let mut chance = Chance::new(SEED);
    let mut houses = Vec::new();
    for (name, from, to, step, sides) in ROWS {
        let Some(street) = streets.iter().find(|street| street.name == name) else {
            continue;
        };
        let mut numbers = [1, 2];
        let mut along = from;
        while along < to {
            for (side, number) in [1.0, -1.0].into_iter().zip(&mut numbers) {
                if sides == Sides::Left && side < 0.0 {
                    continue;
                }
                let jitter = chance.between(-0.15, 0.15) * step;
                // Not face to face.
                let across = if side < 0.0 { step / 2.0 } else { 0.0 };
                let at = (along + across + jitter).clamp(0.0, to);
                // Here and there another stands behind.
                let rear = chance.in_hundred(REAR).then(|| chance.between(17.0, 26.0));
                for back in [Some(0.0), rear].into_iter().flatten() {
                    let plan = plan(street, at, side, back, &mut chance);
                    if ground.is_free(&plan) {
                        ground.taken.push(plan.rectangle);
                        houses.push(plan.house(name, *number));
                        *number += 2;
                    }
                }
            }
            along += step * chance.between(0.9, 1.15);
        }
    }
    houses
}

/// A house to be.
struct Plan {
    rectangle: Rectangle,
    outline: Outline,
    height: u32,
}

impl Plan {
    fn house(self, street: &'static str, number: u32) -> House {
        House {
            street,
            number,
            at: self.rectangle.middle,
            outline: self.outline,
            height: self.height,
        }
    }
}

/// A house by a street, its front along it, or so many metres behind that.
fn plan(street: &Street, along: f64, side: f64, back: f64, chance: &mut Chance) -> Plan {
    let (at, direction) = street.curve.at(along);
    let is_large = chance.in_hundred(7.0);
    let size = if is_large {
        (chance.between(15.0, 21.0), chance.between(10.5, 13.0))
    } else {
        (chance.between(8.5, 13.5), chance.between(7.2, 10.0))
    };
    // Some turn their gable to the street.
    let size = if !is_large && chance.in_hundred(30.0) {
        (size.1, size.0)
    } else {
        size
    };
    let garden = back + chance.between(3.2, 7.5);
    let away = side * (street.kind.half() + garden + size.1 / 2.0);
    let turned = chance.between(-0.035, 0.035);
    let direction = Metres::new(
        direction.x - turned * direction.y,
        direction.y + turned * direction.x,
    );
    let rectangle = Rectangle {
        middle: at.moved(direction, 0.0, away),
        direction: Metres::new(0.0, 0.0).towards(direction),
        size,
    };
    let outline = if chance.in_hundred(22.0) && size.0 > 9.5 {
        angled(&rectangle, side, chance)
    } else {
        rectangle.corners()
    };
    Plan {
        rectangle,
        outline,
        height: if is_large {
            11
        } else {
            chance.between(6.0, 9.5) as u32
        },
    }
}

/// An L: the part away from the street is narrower.
fn angled(rectangle: &Rectangle, side: f64, chance: &mut Chance) -> Outline {
    let (long, wide) = (rectangle.size.0 / 2.0, rectangle.size.1 / 2.0 * side);
    let inner = long * chance.between(-0.25, 0.25);
    let step = wide * chance.between(-0.1, 0.25);
    let corners = [
        (-long, -wide),
        (long, -wide),
        (long, step),
        (inner, step),
        (inner, wide),
        (-long, wide),
    ];
    let mirror = if chance.in_hundred(50.0) { 1.0 } else { -1.0 };
    corners
        .into_iter()
        .map(|(ahead, left)| rectangle.at(ahead * mirror, left))
        .collect()
}

/// What is taken already.
struct Ground {
    coast: Outline,
    wood: Outline,
    ways: Vec<(f64, Curve)>,
    taken: Vec<Rectangle>,
}

impl Ground {
    fn new(streets: &[Street]) -> Self {
        let named = streets
            .iter()
            .map(|street| (street.kind.half(), street.curve.clone()));
        let byways = streets::byways()
            .into_iter()
            .map(|(kind, curve)| (kind.half(), curve));
        let buildings = special::all(streets)
            .into_iter()
            .filter_map(|building| building.plot)
            .map(|plot| plot.wider(GAP));
        Self {
            coast: coast::corners(),
            wood: green::little_wood_corners(),
            ways: named.chain(byways).collect(),
            taken: village::kept_free().into_iter().chain(buildings).collect(),
        }
    }

    fn is_free(&self, plan: &Plan) -> bool {
        let wider = plan.rectangle.wider(GAP);
        let rim = plan.rectangle.rim();
        self.taken.iter().all(|taken| !taken.overlaps(&wider))
            && self.ways.iter().all(|(half, way)| {
                !way.may_reach(plan.rectangle.middle, NEAR)
                    || rim
                        .iter()
                        .all(|point| way.nearest(*point).0 > half + FRONT_MIN)
            })
            && rim.iter().all(|point| !outline::is_in(*point, &self.wood))
            && outline::nearest(plan.rectangle.middle, &self.coast) > SHORE_MIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_stand_apart_from_each_other_and_from_the_ways() {
        let streets = streets::all();
        let houses = all(&streets);
        for (at, house) in houses.iter().enumerate() {
            for other in &houses[at + 1..] {
                let is_over = house
                    .outline
                    .iter()
                    .any(|corner| outline::is_in(*corner, &other.outline))
                    || outline::nearest(other.at, &house.outline) < 3.0;
                assert!(!is_over, "{} and {}", house.address(), other.address());
            }
            for street in &streets {
                let (near, _) = street.curve.nearest(house.at);
                assert!(near > street.kind.half() + FRONT_MIN, "{}", house.address());
            }
            let (near, _) = streets
                .iter()
                .find(|street| street.name == house.street)
                .map(|street| street.curve.nearest(house.at))
                .expect("its street");
            assert!(near < 50.0, "{} stands {near} m off", house.address());
        }
    }
}
