//! What is known of a colour: its contrast to another one, and how far apart two look to people who see fewer hues.

/// A colour of the style sheets, in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

/// Eyes with three kinds of cones, and those where one kind is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Usual,
    Protanopia,
    Deuteranopia,
    Tritanopia,
}

impl Sight {
    pub const ALL: [Self; 4] = [
        Self::Usual,
        Self::Protanopia,
        Self::Deuteranopia,
        Self::Tritanopia,
    ];

    /// What such eyes make of linear red, green and blue: Machado, Oliveira, Fernandes, "A Physiologically-based Model
    /// for Simulation of Color Vision Deficiency" (2009), severity 1.
    const fn matrix(self) -> [[f64; 3]; 3] {
        match self {
            Self::Usual => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Self::Protanopia => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Self::Deuteranopia => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
            Self::Tritanopia => [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        }
    }
}

impl Colour {
    /// Reads `#rrggbb`, the only notation of the tokens that are compared.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self {
            red: byte(0)?,
            green: byte(2)?,
            blue: byte(4)?,
        })
    }

    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// Relative luminance (WCAG 2.2), 0 to 1.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast ratio (WCAG 2.2) to another colour, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// How far apart both look: the distance in Oklab (Ottosson 2020), where black and white are 1 apart.
    #[must_use]
    pub fn difference(self, other: Self, sight: Sight) -> f64 {
        let (one, two) = (self.oklab(sight), other.oklab(sight));
        one.iter()
            .zip(two)
            .map(|(one, two)| (one - two).powi(2))
            .sum::<f64>()
            .sqrt()
    }

    fn oklab(self, sight: Sight) -> [f64; 3] {
        let seen = multiply(sight.matrix(), self.linear()).map(|channel| channel.clamp(0.0, 1.0));
        let cones = multiply(
            [
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            seen,
        )
        .map(f64::cbrt);
        multiply(
            [
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            cones,
        )
    }
}

fn multiply(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).expect("a colour")
    }

    #[test]
    fn contrast_is_as_the_guidelines_have_it() {
        let (black, white) = (colour("#000000"), colour("#ffffff"));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert!((white.contrast(white) - 1.0).abs() < 1e-9);
        // The grey that is known to be just enough for text on white.
        assert!((colour("#767676").contrast(white) - 4.54).abs() < 0.01);
        for no_colour in ["", "#fff", "red", "#12345g", "#ääx"] {
            assert_eq!(Colour::parse(no_colour), None, "{no_colour}");
        }
    }

    #[test]
    fn red_and_green_come_close_where_cones_are_missing() {
        let (red, green) = (colour("#b0402e"), colour("#55702c"));
        let usual = red.difference(green, Sight::Usual);
        assert!(red.difference(green, Sight::Deuteranopia) < usual / 2.0);
        let (black, white) = (colour("#000000"), colour("#ffffff"));
        for sight in Sight::ALL {
            assert!(
                (black.difference(white, sight) - 1.0).abs() < 1e-3,
                "{sight:?}"
            );
            assert!(red.difference(red, sight) < 1e-9);
        }
    }
}
