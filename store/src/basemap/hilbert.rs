//! The order of tiles in a `.pmtiles` file: zoom by zoom, in each along a Hilbert curve.

use super::coord::TileCoord;

/// The place of a tile in that order.
pub(crate) fn tile_id(coord: TileCoord) -> u64 {
    above(coord.z) + along(coord)
}

/// The first place of the tiles that fill a tile `down` zooms below it: they stand one after another.
pub(crate) fn first_below(coord: TileCoord, down: u8) -> u64 {
    above(coord.z + down) + (along(coord) << (2 * down))
}

/// All tiles of the zooms above one.
fn above(z: u8) -> u64 {
    ((1_u64 << (2 * z)) - 1) / 3
}

/// The place along the curve of a tile's own zoom.
fn along(TileCoord { z, x, y }: TileCoord) -> u64 {
    let last = (1_u32 << z) - 1;
    let (mut x, mut y, mut along) = (x, y, 0_u64);
    for side in (0..z).rev().map(|level| 1_u32 << level) {
        let (east, south) = (x & side != 0, y & side != 0);
        let quarter = (3 * u64::from(east)) ^ u64::from(south);
        along += u64::from(side) * u64::from(side) * quarter;
        if !south {
            if east {
                (x, y) = (last - x, last - y);
            }
            (x, y) = (y, x);
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the format's specification gives.
    #[test]
    fn tiles_stand_in_the_order_of_the_specification() {
        for ((z, x, y), id) in [
            ((0, 0, 0), 0),
            ((1, 0, 0), 1),
            ((1, 0, 1), 2),
            ((1, 1, 1), 3),
            ((1, 1, 0), 4),
            ((2, 0, 0), 5),
            ((12, 3423, 1763), 19_078_479),
        ] {
            assert_eq!(tile_id(TileCoord { z, x, y }), id, "{z}/{x}/{y}");
        }
    }

    #[test]
    fn the_tiles_below_one_stand_together() {
        let above = TileCoord { z: 3, x: 5, y: 2 };
        let mut below: Vec<u64> = (0..4)
            .flat_map(|x| (0..4).map(move |y| (x, y)))
            .map(|(x, y)| TileCoord {
                z: 5,
                x: above.x * 4 + x,
                y: above.y * 4 + y,
            })
            .map(tile_id)
            .collect();
        below.sort_unstable();
        let first = first_below(above, 2);
        assert_eq!(below, (first..first + 16).collect::<Vec<u64>>());
    }

    #[test]
    fn a_zoom_is_filled_without_gap() {
        let mut ids: Vec<u64> = (0..32)
            .flat_map(|x| (0..32).map(move |y| tile_id(TileCoord { z: 5, x, y })))
            .collect();
        ids.sort_unstable();
        assert_eq!(ids, (341..1365).collect::<Vec<u64>>());
    }
}
