//! What people upload, made fit to be shown: read within bounds, turned as it was held, scaled, and written anew without anything
//! that a camera notes beside the picture.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

/// Pixels of a picture that is read at most; phones make 50 megapixels only where they are asked to.
pub const PIXELS_MAX: u64 = 40_000_000;
/// Pixels of one side at most.
const SIDE_MAX: u32 = 16_000;
/// Bytes that reading one may take at most.
const MEMORY_MAX: u64 = 256 * 1024 * 1024;
/// Of a hundred: artefacts are not seen, and a photograph has some 250 KiB.
const QUALITY: u8 = 82;

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Knot,
    Portrait,
}

impl Purpose {
    /// The longer sides of its two sizes, in pixels.
    const fn sides(self) -> (u32, u32) {
        match self {
            Self::Knot => (1600, 320),
            Self::Portrait => (512, 160),
        }
    }
}

/// A picture as JPEG files: one to be looked at, one for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    pub large: Vec<u8>,
    pub small: Vec<u8>,
}

/// Why a file is not taken as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it is no JPEG, PNG or WebP")]
    NotAPicture,
    #[error("it has more than {PIXELS_MAX} pixels, or a side of more than {SIDE_MAX}")]
    TooManyPixels,
    #[error("it can't be read to its end")]
    Broken,
}

/// Makes a picture of a file. It takes a core for up to some seconds.
///
/// # Errors
/// Why the file is not taken; nothing of it is kept.
pub fn photo(file: &[u8], purpose: Purpose) -> Result<Photo, Unfit> {
    let format = match image::guess_format(file) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => format,
        Ok(_) | Err(_) => return Err(Unfit::NotAPicture),
    };
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unfit(&error))?;
    // What its beginning says is asked before anything is unpacked.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || width.max(height) > SIDE_MAX {
        return Err(Unfit::TooManyPixels);
    }
    // One that can't be read turns nothing.
    let held = decoder.orientation().ok();
    let read = DynamicImage::from_decoder(decoder).map_err(|error| unfit(&error))?;
    let (large, small) = purpose.sides();
    let mut scaled = on_white(&within(read, large));
    if let Some(held) = held {
        scaled.apply_orientation(held);
    }
    let listed = scaled.resize(small, small, FilterType::CatmullRom);
    Ok(Photo {
        small: jpeg(if listed.width() < scaled.width() {
            &listed
        } else {
            &scaled
        })?,
        large: jpeg(&scaled)?,
    })
}

fn unfit(error: &image::ImageError) -> Unfit {
    match error {
        image::ImageError::Limits(_) => Unfit::TooManyPixels,
        _ => Unfit::Broken,
    }
}

/// It with no side longer than that; smaller ones stay as they are. What is much larger is averaged first, which costs a tenth.
fn within(picture: DynamicImage, side: u32) -> DynamicImage {
    let longest = picture.width().max(picture.height());
    if longest <= side {
        return picture;
    }
    let near = if longest > 3 * side {
        picture.thumbnail(2 * side, 2 * side)
    } else {
        picture
    };
    near.resize(side, side, FilterType::CatmullRom)
}

/// What shines through is white: JPEG knows no holes.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.to_rgb8());
    }
    let from = picture.to_rgba8();
    let mut flat = RgbImage::new(from.width(), from.height());
    for (to, from) in flat.pixels_mut().zip(from.pixels()) {
        let [.., alpha] = from.0;
        for (to, from) in to.0.iter_mut().zip(from.0) {
            let mixed = u16::from(from) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            *to = ((mixed + 127) / 255) as u8;
        }
    }
    DynamicImage::ImageRgb8(flat)
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, Unfit> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY)
        .encode_image(picture)
        .map_err(|_| Unfit::Broken)?;
    Ok(file)
}
