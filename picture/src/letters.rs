//! Writing with the page's own typeface, as outlines: nothing of the system's takes part, so a picture is the same everywhere.

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder, Tag};

/// The typeface, unpacked: each file has some of the letters.
#[derive(Debug)]
pub struct Letters {
    files: Vec<Vec<u8>>,
}

/// The typeface cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LettersError {
    #[error("a font cannot be unpacked: {0}")]
    Packed(String),
    #[error("a font cannot be read: {0}")]
    Face(#[from] ttf_parser::FaceParsingError),
}

/// How heavy letters are, 200 to 900.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight(pub f32);

impl Letters {
    /// From the files that browsers get, in the order in which they are asked for a letter.
    ///
    /// # Errors
    /// When one of them is no font.
    pub fn from_woff2(files: &[&[u8]]) -> Result<Self, LettersError> {
        let mut unpacked = Vec::new();
        for file in files {
            let font = wuff::decompress_woff2(file)
                .map_err(|error| LettersError::Packed(format!("{error:?}")))?;
            Face::parse(&font, 0)?;
            unpacked.push(font);
        }
        Ok(Self { files: unpacked })
    }

    /// The typeface in one size and weight.
    #[must_use]
    pub fn at(&self, size: f32, weight: Weight) -> Pen<'_> {
        let faces = self.files.iter().filter_map(|file| {
            let mut face = Face::parse(file, 0).ok()?;
            _ = face.set_variation(Tag::from_bytes(b"wght"), weight.0);
            Some(face)
        });
        Pen {
            faces: faces.collect(),
            size,
        }
    }
}

/// What writes: the typeface in one size and weight.
#[derive(Debug)]
pub struct Pen<'a> {
    faces: Vec<Face<'a>>,
    size: f32,
}

impl<'a> Pen<'a> {
    /// Whether the typeface has all of these letters.
    #[must_use]
    pub fn can_write(&self, text: &str) -> bool {
        text.chars().all(|c| self.glyph(c).is_some())
    }

    /// How wide a text is, in pixels.
    #[must_use]
    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|c| self.advance(c)).sum()
    }

    /// A text's outline, its ground line beginning at `x`, `y`; none where there is nothing to see.
    #[must_use]
    pub fn outline(&self, text: &str, x: f32, y: f32) -> Option<Path> {
        let mut drawn = Drawn {
            path: PathBuilder::new(),
            x,
            y,
            scale: 1.0,
        };
        for c in text.chars() {
            if let Some((face, glyph)) = self.glyph(c) {
                drawn.scale = self.scale(face);
                _ = face.outline_glyph(glyph, &mut drawn);
            }
            drawn.x += self.advance(c);
        }
        drawn.path.finish()
    }

    fn glyph(&self, c: char) -> Option<(&Face<'a>, GlyphId)> {
        let mut found = self.faces.iter();
        found.find_map(|face| Some((face, face.glyph_index(c)?)))
    }

    fn advance(&self, c: char) -> f32 {
        self.glyph(c).map_or(0.0, |(face, glyph)| {
            let advance = face.glyph_hor_advance(glyph).unwrap_or_default();
            f32::from(advance) * self.scale(face)
        })
    }

    fn scale(&self, face: &Face<'_>) -> f32 {
        self.size / f32::from(face.units_per_em())
    }
}

/// Letters as they are drawn; a font's y runs upwards.
struct Drawn {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Drawn {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Drawn {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x, y) = self.at(x, y);
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x2, y2) = self.at(x2, y2);
        let (x, y) = self.at(x, y);
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
