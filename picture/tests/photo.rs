//! What people upload: read within bounds, turned, scaled, and written anew without what a camera notes.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{
    DynamicImage, GenericImageView, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
};
use picture::photo::{Purpose, Unfit, photo};

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> DynamicImage {
    let colour = |x| {
        if x < width / 2 {
            Rgb([220, 20, 20])
        } else {
            Rgb([20, 20, 220])
        }
    };
    RgbImage::from_fn(width, height, |x, _| colour(x)).into()
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("it is written");
    file.into_inner()
}

fn read(file: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(file, ImageFormat::Jpeg).expect("a JPEG")
}

/// What a camera writes beside a picture: how it was held, and where.
fn noted(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0".to_vec();
    exif.extend(2_u16.to_le_bytes());
    // Orientation: one short.
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    // The camera's make: a text behind the directory.
    exif.extend([0x0f, 0x01, 2, 0, 16, 0, 0, 0, 38, 0, 0, 0]);
    exif.extend(0_u32.to_le_bytes());
    exif.extend(b"Spulenoog 48.41\0");
    exif
}

fn is_like(pixel: Rgba<u8>, wanted: [u8; 3]) -> bool {
    pixel
        .0
        .iter()
        .zip(wanted)
        .all(|(is, wanted)| is.abs_diff(wanted) < 30)
}

#[test]
fn every_format_becomes_a_jpeg_of_two_sizes_with_its_sides_in_proportion() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = written(&halves(2400, 1200), format);
        for (purpose, large, small) in [
            (Purpose::Knot, (1600, 800), (320, 160)),
            (Purpose::Portrait, (512, 256), (160, 80)),
        ] {
            let photo = photo(&file, purpose).expect("a picture");
            for (file, size) in [(&photo.large, large), (&photo.small, small)] {
                let read = read(file);
                assert_eq!(read.dimensions(), size, "{format:?}");
                assert!(is_like(read.get_pixel(10, 10), [220, 20, 20]));
                assert!(is_like(read.get_pixel(size.0 - 10, 10), [20, 20, 220]));
            }
        }
    }
    let tiny = photo(&written(&halves(4, 2), ImageFormat::Png), Purpose::Knot).expect("a picture");
    assert_eq!(
        read(&tiny.large).dimensions(),
        (4, 2),
        "it is not made larger"
    );
    assert_eq!(read(&tiny.small).dimensions(), (4, 2));
}

#[test]
fn it_is_turned_as_it_was_held_and_what_the_camera_notes_is_gone() {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 90);
    // The camera was held upright: what is left belongs to the top.
    encoder.set_exif_metadata(noted(6)).expect("notes");
    encoder.encode_image(&halves(400, 200)).expect("a JPEG");
    assert!(file.windows(9).any(|bytes| bytes == b"Spulenoog"));
    let photo = photo(&file, Purpose::Knot).expect("a picture");
    for file in [&photo.large, &photo.small] {
        for note in [&b"Spulenoog"[..], b"Exif"] {
            assert!(!file.windows(note.len()).any(|bytes| bytes == note));
        }
    }
    let turned = read(&photo.large);
    assert_eq!(turned.dimensions(), (200, 400));
    assert!(is_like(turned.get_pixel(100, 20), [220, 20, 20]));
    assert!(is_like(turned.get_pixel(100, 380), [20, 20, 220]));
}

#[test]
fn what_shines_through_is_white() {
    let clear: DynamicImage = RgbaImage::from_pixel(64, 64, Rgba([200, 0, 0, 0])).into();
    let photo = photo(&written(&clear, ImageFormat::Png), Purpose::Knot).expect("a picture");
    assert!(is_like(
        read(&photo.large).get_pixel(32, 32),
        [255, 255, 255]
    ));
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_calls_itself() {
    let gif = [&b"GIF89a\xff\xff\xff\xff\x80\0\0"[..], &[0; 64]].concat();
    for file in [
        &b""[..],
        b"<script>alert(1)</script>",
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
        b"#!/bin/sh\nexit 1\n",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"BM\0\0\0\0",
        &gif,
    ] {
        assert_eq!(
            photo(file, Purpose::Knot),
            Err(Unfit::NotAPicture),
            "{file:?}"
        );
    }
}

/// A PNG that says it is that large and has nothing in it.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut file = written(&halves(1, 1), ImageFormat::Png);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let mut sum = !0_u32;
    for byte in &file[12..29] {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                0xedb8_8320 ^ (sum >> 1)
            } else {
                sum >> 1
            };
        }
    }
    file[29..33].copy_from_slice(&(!sum).to_be_bytes());
    file
}

#[test]
fn what_is_too_large_is_refused_by_what_its_beginning_says() {
    for (width, height) in [(20_000, 20_000), (20_000, 1), (1, 16_001), (6400, 6400)] {
        let file = claims(width, height);
        assert_eq!(
            photo(&file, Purpose::Knot),
            Err(Unfit::TooManyPixels),
            "{width} × {height}"
        );
    }
    // Of a size that is taken, but there is nothing in it.
    assert_eq!(
        photo(&claims(6000, 6000), Purpose::Knot),
        Err(Unfit::Broken)
    );
}

#[test]
fn what_is_cut_or_garbled_is_refused_and_ends_nothing() {
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let file = written(&halves(300, 200), format);
        for length in [12, 20, file.len() / 2, file.len() - 20] {
            let cut = photo(&file[..length], Purpose::Knot);
            assert!(
                matches!(cut, Err(Unfit::Broken | Unfit::NotAPicture)),
                "{format:?} {length}"
            );
        }
    }
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = written(&halves(300, 200), format);
        // Each byte in its turn: whatever it makes of the file, it is answered.
        for at in (0..file.len()).step_by(7) {
            let mut garbled = file.clone();
            garbled[at] ^= 0xff;
            _ = photo(&garbled, Purpose::Portrait);
        }
    }
}
