//! Which tile.

/// The deepest zoom that any tile has.
pub const ZOOM_MAX: u8 = 22;

/// A tile of the web's square world: at zoom `z` there are 2^z columns from west and 2^z rows from north.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileCoord {
    pub z: u8,
    pub x: u32,
    pub y: u32,
}

impl TileCoord {
    /// None where the world has no such tile.
    #[must_use]
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        (z <= ZOOM_MAX && x < 1 << z && y < 1 << z).then_some(Self { z, x, y })
    }

    /// From the three parts of an address; none unless each is a plain number and the world has that tile.
    #[must_use]
    pub fn parse(z: &str, x: &str, y: &str) -> Option<Self> {
        Self::new(number(z)?.try_into().ok()?, number(x)?, number(y)?)
    }
}

/// Digits only, without leading zeros, so that a tile has one address.
fn number(text: &str) -> Option<u32> {
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_tile_of_the_world_or_none() {
        let tile = |z, x, y| Some(TileCoord { z, x, y });
        assert_eq!(TileCoord::parse("0", "0", "0"), tile(0, 0, 0));
        assert_eq!(TileCoord::parse("14", "8898", "5673"), tile(14, 8898, 5673));
        assert_eq!(
            TileCoord::parse("22", "4194303", "0"),
            tile(22, 4_194_303, 0)
        );
        for (z, x, y) in [
            ("0", "1", "0"),
            ("14", "16384", "0"),
            ("14", "0", "16384"),
            ("23", "0", "0"),
            ("-1", "0", "0"),
            ("+1", "0", "0"),
            ("1", "01", "0"),
            ("1", "1.5", "0"),
            ("1", "1", "1.pbf"),
            ("1", "", "0"),
            ("1", "99999999999", "0"),
            ("300", "0", "0"),
            ("１", "0", "0"),
            ("1", " 1", "0"),
        ] {
            assert_eq!(TileCoord::parse(z, x, y), None, "{z}/{x}/{y}");
        }
    }
}
