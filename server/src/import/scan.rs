//! Finds the features in a GeoJSON file, one after the other, without ever holding more than one of them: a
//! FeatureCollection, features one after the other (a line each), or a sequence by RFC 8142. What a feature says is not
//! looked at here; only where it begins and ends.

use std::fmt;
use std::io::{self, Read};

use super::error::ScanError;

/// Bytes of one feature; a longer one is skipped and told.
pub const FEATURE_BYTES_MAX: usize = 1024 * 1024;
/// How deep brackets may be within each other.
const DEPTH_MAX: usize = 512;
/// Bytes of the value of `crs` that are looked at.
const CRS_BYTES_MAX: usize = 512;
/// Bytes of a member's name that are looked at.
const NAME_BYTES_MAX: usize = 16;
/// The sign before each record of an RFC 8142 sequence; no JSON text holds it.
const RECORD: u8 = 0x1e;
const READ_BYTES: usize = 64 * 1024;

/// Where something begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// From 1.
    pub line: u64,
    /// From 0.
    pub byte: u64,
}

/// One thing that stands where a feature is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub at: At,
    pub text: Result<Vec<u8>, Broken>,
}

/// Why a feature can't be looked at, though the next one can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// More than [`FEATURE_BYTES_MAX`].
    TooLarge,
    /// The next record of the sequence begins before this one ends.
    CutOff,
}

/// The features of a file. After an error there are none any more.
#[derive(Debug)]
pub struct Features<R> {
    bytes: Bytes<R>,
    place: Place,
    /// The feature at hand.
    text: Vec<u8>,
    /// The feature at hand has become too large to be kept.
    overflown: bool,
}

/// Where in the file it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before anything.
    Start,
    /// Between texts, of which there was one already.
    Between,
    /// In the list of features of a collection that began there.
    List(At),
    /// After such a list, among the other members of the collection.
    Members(At),
    End,
}

/// What a text at the top turned out to be.
enum Top {
    Value,
    List,
    Cut,
}

impl<R: Read> Features<R> {
    /// Those in what `reader` reads.
    pub fn new(reader: R) -> Self {
        Self {
            bytes: Bytes::new(reader),
            place: Place::Start,
            text: Vec::new(),
            overflown: false,
        }
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes.at.byte
    }

    fn step(&mut self) -> Result<Option<Found>, ScanError> {
        loop {
            match self.place {
                Place::Start => {
                    self.bytes.skip_mark()?;
                    if self.between()?.is_none() {
                        return Err(ScanError::Empty);
                    }
                    self.place = Place::Between;
                }
                Place::Between => {
                    let Some(began) = self.between()? else {
                        return Ok(None);
                    };
                    match self.top(began)? {
                        Top::Value => return Ok(Some(self.found(began))),
                        Top::List => self.place = Place::List(began),
                        Top::Cut => return Ok(Some(cut_off(began))),
                    }
                }
                Place::List(began) => {
                    let (byte, at) = self.next_in(began)?;
                    match byte {
                        b',' => {}
                        b']' => self.place = Place::Members(began),
                        RECORD => {
                            self.place = Place::Between;
                            return Ok(Some(cut_off(began)));
                        }
                        _ => {
                            self.text.clear();
                            self.overflown = false;
                            self.keep(byte);
                            let whole = self.value(byte, at)?;
                            if !whole {
                                self.place = Place::Between;
                                return Ok(Some(cut_off(at)));
                            }
                            return Ok(Some(self.found(at)));
                        }
                    }
                }
                Place::Members(began) => {
                    self.text.clear();
                    self.overflown = false;
                    match self.members(began)? {
                        Top::Value => self.place = Place::Between,
                        Top::List => self.place = Place::List(began),
                        Top::Cut => {
                            self.place = Place::Between;
                            return Ok(Some(cut_off(began)));
                        }
                    }
                }
                Place::End => return Ok(None),
            }
        }
    }

    fn found(&mut self, at: At) -> Found {
        let text = if self.overflown {
            Err(Broken::TooLarge)
        } else {
            Ok(std::mem::take(&mut self.text))
        };
        self.text = Vec::new();
        Found { at, text }
    }

    /// Where the next text begins.
    fn between(&mut self) -> Result<Option<At>, ScanError> {
        while let Some(byte) = self.bytes.peek()? {
            if !is_blank(byte) && byte != RECORD {
                return Ok(Some(self.bytes.at));
            }
            self.bytes.take();
        }
        Ok(None)
    }

    /// The next byte that is not blank, and where it is.
    fn next_in(&mut self, began: At) -> Result<(u8, At), ScanError> {
        loop {
            let at = self.bytes.at;
            let byte = self.next(began)?;
            if !is_blank(byte) {
                return Ok((byte, at));
            }
        }
    }

    fn next(&mut self, began: At) -> Result<u8, ScanError> {
        match self.bytes.peek()? {
            Some(byte) => {
                self.bytes.take();
                Ok(byte)
            }
            None => Err(ScanError::Truncated {
                at: self.bytes.at,
                began,
            }),
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.text.len() < FEATURE_BYTES_MAX {
            self.text.push(byte);
        } else {
            self.overflown = true;
        }
    }

    /// A text at the top: kept as a feature, unless it turns out to be a collection.
    fn top(&mut self, began: At) -> Result<Top, ScanError> {
        self.text.clear();
        self.overflown = false;
        let byte = self.next(began)?;
        if byte != b'{' {
            return Err(ScanError::NotGeoJson {
                at: began,
                found: Byte(byte),
            });
        }
        self.keep(byte);
        self.members(began)
    }

    /// The members of an object at the top, until its end or until its list of features begins.
    fn members(&mut self, began: At) -> Result<Top, ScanError> {
        loop {
            let (byte, at) = self.next_in(began)?;
            self.keep(byte);
            match byte {
                b',' => {}
                b'}' => return Ok(Top::Value),
                RECORD => return Ok(Top::Cut),
                b'"' => {
                    let Some(name) = self.string(began)? else {
                        return Ok(Top::Cut);
                    };
                    let (colon, at) = self.next_in(began)?;
                    if colon == RECORD {
                        return Ok(Top::Cut);
                    }
                    if colon != b':' {
                        return Err(malformed(at, colon, "a colon"));
                    }
                    self.keep(colon);
                    let (byte, at) = self.next_in(began)?;
                    if byte == RECORD {
                        return Ok(Top::Cut);
                    }
                    if name == b"features" && byte == b'[' {
                        return Ok(Top::List);
                    }
                    let from = self.text.len();
                    self.keep(byte);
                    if !self.value(byte, at)? {
                        return Ok(Top::Cut);
                    }
                    if name == b"crs" {
                        check_crs(&self.text[from.min(self.text.len())..], at)?;
                    }
                }
                other => return Err(malformed(at, other, "a name in quotes")),
            }
        }
    }

    /// The rest of a string whose quote was read, kept; its first bytes without what is escaped. None: it is cut off.
    fn string(&mut self, began: At) -> Result<Option<Vec<u8>>, ScanError> {
        let mut name = Vec::new();
        loop {
            let byte = self.next(began)?;
            if byte == RECORD {
                return Ok(None);
            }
            self.keep(byte);
            match byte {
                b'"' => return Ok(Some(name)),
                b'\\' => {
                    let escaped = self.next(began)?;
                    if escaped == RECORD {
                        return Ok(None);
                    }
                    self.keep(escaped);
                }
                _ if name.len() < NAME_BYTES_MAX => name.push(byte),
                _ => {}
            }
        }
    }

    /// The rest of a value whose first byte was read, kept; false: it is cut off.
    fn value(&mut self, first: u8, began: At) -> Result<bool, ScanError> {
        match first {
            b'"' => return Ok(self.string(began)?.is_some()),
            b'{' | b'[' => {}
            b'-' | b'0'..=b'9' | b'a'..=b'z' => return self.word(began),
            other => return Err(malformed(began, other, "a value")),
        }
        let mut open = vec![first];
        while let Some(&innermost) = open.last() {
            let at = self.bytes.at;
            let byte = self.next(began)?;
            if byte == RECORD {
                return Ok(false);
            }
            self.keep(byte);
            match byte {
                b'"' if self.string(began)?.is_none() => return Ok(false),
                b'{' | b'[' if open.len() >= DEPTH_MAX => return Err(ScanError::TooDeep { at }),
                b'{' | b'[' => open.push(byte),
                b'}' if innermost == b'{' => drop(open.pop()),
                b']' if innermost == b'[' => drop(open.pop()),
                b'}' => return Err(malformed(at, byte, "]")),
                b']' => return Err(malformed(at, byte, "}")),
                _ => {}
            }
        }
        Ok(true)
    }

    /// A number, true, false, null, or what is none of it: that is seen when it is read.
    fn word(&mut self, began: At) -> Result<bool, ScanError> {
        loop {
            match self.bytes.peek()? {
                Some(byte) if is_blank(byte) || matches!(byte, b',' | b'}' | b']') => {
                    return Ok(true);
                }
                Some(RECORD) => return Ok(false),
                Some(byte) => {
                    self.bytes.take();
                    self.keep(byte);
                }
                None => {
                    return Err(ScanError::Truncated {
                        at: self.bytes.at,
                        began,
                    });
                }
            }
        }
    }
}

impl<R: Read> Iterator for Features<R> {
    type Item = Result<Found, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.place = Place::End;
        }
        step.transpose()
    }
}

fn cut_off(at: At) -> Found {
    Found {
        at,
        text: Err(Broken::CutOff),
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn malformed(at: At, found: u8, wanted: &'static str) -> ScanError {
    ScanError::Malformed {
        at,
        found: Byte(found),
        wanted,
    }
}

/// What stands where something else is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Byte(pub u8);

impl fmt::Display for Byte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(byte) = *self;
        if byte.is_ascii_graphic() {
            write!(f, "“{}”", char::from(byte))
        } else {
            write!(f, "the byte {byte:#04x}")
        }
    }
}

/// GeoJSON is in WGS 84; files by the old rules may name another system, whose numbers mean other places.
fn check_crs(value: &[u8], at: At) -> Result<(), ScanError> {
    let value = String::from_utf8_lossy(&value[..value.len().min(CRS_BYTES_MAX)]).into_owned();
    let known = ["CRS84", "4326", "null"];
    if known.iter().any(|name| value.contains(name)) {
        Ok(())
    } else {
        Err(ScanError::OtherCoordinates { at, named: value })
    }
}

/// Bytes with their place in the file.
#[derive(Debug)]
struct Bytes<R> {
    reader: R,
    buffer: Vec<u8>,
    next: usize,
    filled: usize,
    at: At,
}

impl<R: Read> Bytes<R> {
    fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; READ_BYTES],
            next: 0,
            filled: 0,
            at: At { line: 1, byte: 0 },
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, ScanError> {
        if self.next == self.filled {
            self.next = 0;
            self.filled = loop {
                match self.reader.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read.map_err(ScanError::Read)?,
                }
            };
        }
        Ok((self.next < self.filled).then(|| self.buffer[self.next]))
    }

    /// Goes past what was peeked at.
    fn take(&mut self) {
        if self.buffer[self.next] == b'\n' {
            self.at.line += 1;
        }
        self.at.byte += 1;
        self.next += 1;
    }

    /// Skips the byte-order mark of UTF-8; says so where it is another encoding's.
    fn skip_mark(&mut self) -> Result<(), ScanError> {
        match self.peek()? {
            Some(0xff | 0xfe) => return Err(ScanError::OtherEncoding),
            Some(0xef) => {}
            _ => return Ok(()),
        }
        for expected in [0xef, 0xbb, 0xbf] {
            match self.peek()? {
                Some(byte) if byte == expected => self.take(),
                _ => return Err(ScanError::OtherEncoding),
            }
        }
        Ok(())
    }
}
