//! The beginning of the file: where its parts lie and what they are.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use serde_json::Value;

use super::super::about::About;
use super::super::coord::ZOOM_MAX;
use super::super::error::BasemapError;
use super::super::gzip;
use super::directory::{Entry, entries};

/// Bytes of the header.
pub(super) const HEADER_BYTES: u64 = 127;
/// Bytes of an unpacked directory at most; usual are 100 KiB.
const DIRECTORY_BYTES_MAX: usize = 1 << 20;
/// Bytes of the unpacked description at most.
const METADATA_BYTES_MAX: usize = 4 << 20;
const NONE: u8 = 1;
const GZIP: u8 = 2;

#[derive(Debug)]
pub(super) struct Header {
    pub(super) root: Section,
    pub(super) metadata: Section,
    pub(super) leaves: Section,
    pub(super) tiles: Section,
    /// How directories and description are packed.
    pub(super) packing: u8,
    pub(super) tile_packing: u8,
    pub(super) tile_type: u8,
    pub(super) zooms: (u8, u8),
    /// West, south, east, north in units of 1e-7°.
    pub(super) bounds: [i32; 4],
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Section {
    pub(super) offset: u64,
    pub(super) bytes: u64,
}

impl Section {
    /// Where an entry's content lies, which has to be within the section.
    pub(super) fn part(&self, entry: &Entry) -> Result<Self, String> {
        let bytes = u64::from(entry.bytes);
        let is_within = entry
            .offset
            .checked_add(bytes)
            .is_some_and(|end| end <= self.bytes);
        is_within
            .then(|| Self {
                offset: self.offset + entry.offset,
                bytes,
            })
            .ok_or_else(|| "a directory points outside the file".to_owned())
    }
}

impl Header {
    pub(super) fn parse(
        path: &Path,
        bytes: &[u8; HEADER_BYTES as usize],
    ) -> Result<Self, BasemapError> {
        let version = bytes[7];
        if version != 3 {
            return Err(BasemapError::OldVersion {
                path: path.to_owned(),
                version,
            });
        }
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        let section = |at: usize| Section {
            offset: long(at),
            bytes: long(at + 8),
        };
        let degrees = |at: usize| i32::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        Ok(Self {
            root: section(8),
            metadata: section(24),
            leaves: section(40),
            tiles: section(56),
            packing: bytes[97],
            tile_packing: bytes[98],
            tile_type: bytes[99],
            zooms: (bytes[100], bytes[101]),
            bounds: [degrees(102), degrees(106), degrees(110), degrees(114)],
        })
    }

    pub(super) fn is_readable(&self, path: &Path) -> Result<(), BasemapError> {
        for packing in [self.packing, self.tile_packing] {
            let compression = match packing {
                // Unknown: the tiles themselves tell.
                0 | NONE | GZIP => continue,
                3 => "Brotli",
                4 => "Zstandard",
                _ => "something unknown",
            };
            return Err(BasemapError::OtherCompression {
                path: path.to_owned(),
                compression,
            });
        }
        let format = match self.tile_type {
            0 | 1 => None,
            2 => Some("PNG"),
            3 => Some("JPEG"),
            4 => Some("WebP"),
            5 => Some("AVIF"),
            6 => Some("MLT"),
            _ => Some("unknown"),
        };
        if let Some(format) = format {
            return Err(BasemapError::OtherTiles {
                path: path.to_owned(),
                format: format.to_owned(),
            });
        }
        let (least, most) = self.zooms;
        if least > most || most > ZOOM_MAX {
            return Err(BasemapError::damaged(path, &"its header is nonsense"));
        }
        Ok(())
    }

    pub(super) fn about(&self, file: &File) -> Result<About, String> {
        let said = if self.metadata.bytes == 0 {
            Value::Null
        } else {
            let text = self.unpacked(file, self.metadata, METADATA_BYTES_MAX)?;
            serde_json::from_slice(&text)
                .map_err(|error| format!("its description is no JSON, {error}"))?
        };
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        Ok(About::new(
            ".pmtiles",
            text("name"),
            text("attribution"),
            Some(self.bounds.map(|side| f64::from(side) / 1e7)),
            self.zooms,
            said.get("vector_layers").cloned(),
        ))
    }

    fn unpacked(&self, file: &File, place: Section, most: usize) -> Result<Vec<u8>, String> {
        if place.bytes > most as u64 {
            return Err(format!("a directory has {} bytes", place.bytes));
        }
        let bytes = read(file, place)?;
        if self.packing == GZIP {
            gzip::unpack(&bytes, most)
                .map_err(|error| format!("a directory cannot be unpacked, {error}"))
        } else {
            Ok(bytes)
        }
    }

    pub(super) fn directory(&self, file: &File, place: Section) -> Result<Vec<Entry>, String> {
        let bytes = self.unpacked(file, place, DIRECTORY_BYTES_MAX)?;
        entries(&bytes).ok_or_else(|| "a directory is nonsense".to_owned())
    }
}

pub(super) fn read(file: &File, place: Section) -> Result<Vec<u8>, String> {
    let mut bytes = vec![0; usize::try_from(place.bytes).map_err(|error| error.to_string())?];
    file.read_exact_at(&mut bytes, place.offset)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}
