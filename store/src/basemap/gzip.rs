//! Packing, and unpacking with a roof: a few bytes can unpack to gigabytes.

use std::io::{self, Read};

use flate2::Compression;
use flate2::bufread::GzEncoder;
use flate2::read::MultiGzDecoder;

/// Packs bytes, the same ones always to the same.
pub(crate) fn pack(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    // Reading from memory into memory, which has no errors.
    let _ = GzEncoder::new(plain, Compression::best()).read_to_end(&mut packed);
    packed
}

/// Whether bytes say of themselves that they are packed.
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// What was packed, if it has at most `most` bytes.
pub(crate) fn unpack(bytes: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(most as u64 + 1)
        .read_to_end(&mut plain)?;
    if plain.len() > most {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it unpacks to more than {most} bytes"),
        ));
    }
    Ok(plain)
}
