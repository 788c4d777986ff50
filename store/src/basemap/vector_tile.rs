//! As much of a vector tile as tells its layers: protobuf, field 3 of a tile is a layer, field 1 of a layer its name.

/// The names of a tile's layers in their order; none where the bytes are no vector tile.
pub(crate) fn layers(tile: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for field in Fields(tile) {
        let (3, Value::Bytes(layer)) = field? else {
            continue;
        };
        let mut name = None;
        for field in Fields(layer) {
            if let (1, Value::Bytes(text)) = field? {
                name = Some(String::from_utf8(text.to_vec()).ok()?);
            }
        }
        names.push(name?);
    }
    Some(names)
}

enum Value<'a> {
    Bytes(&'a [u8]),
    Other,
}

/// The fields of a message; `None` inside where the bytes are none.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => {
                varint(&mut self.0)?;
                Value::Other
            }
            1 => self.skip(8)?,
            2 => {
                let length = usize::try_from(varint(&mut self.0)?).ok()?;
                let (bytes, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                Value::Bytes(bytes)
            }
            5 => self.skip(4)?,
            _ => return None,
        };
        Some((key >> 3, value))
    }

    fn skip(&mut self, length: usize) -> Option<Value<'a>> {
        self.0 = self.0.get(length..)?;
        Some(Value::Other)
    }
}

/// Takes a number of variable length from the front.
pub(crate) fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_named_and_nonsense_is_not() {
        let tile = [0x1a, 7, 0x0a, 5, b'w', b'a', b't', b'e', b'r'];
        assert_eq!(layers(&tile), Some(vec!["water".to_owned()]));
        assert_eq!(layers(&[]), Some(Vec::new()));
        for nonsense in [
            &b"\x89PNG\r\n\x1a\n"[..],
            b"\xff\xd8\xff\xe0",
            &tile[..6],
            &[
                0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
            ],
            &[0x1a, 3, 0x0a, 1, 0xff],
        ] {
            assert_eq!(layers(nonsense), None, "{nonsense:?}");
        }
    }
}
