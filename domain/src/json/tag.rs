//! Enums whose kind is told by a field beside the others. Serde's own reading buffers such an object before it knows what it is, and
//! with that each type in it is compiled a second time; the client, where code weighs, takes the tag first instead. It is what
//! `Serialize` writes first.

use core::fmt;

use serde::Serialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde::ser::{Error, Impossible, SerializeStruct, SerializeStructVariant, Serializer};

/// Reads an enum from an object that begins with the tag of that name.
pub(crate) struct Tagged<D>(pub(crate) &'static str, pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, D::Error> {
        Err(de::Error::custom("only an enum has a tag"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.1.deserialize_map(Kind(self.0, visitor))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Kind<V>(&'static str, V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Kind<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object that begins with its tag")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        match map.next_key::<String>()? {
            Some(key) if key == self.0 => self.1.visit_enum(Rest(map)),
            _ => Err(de::Error::custom("the tag is missing")),
        }
    }
}

/// An object of which the tag's value comes next.
struct Rest<A>(A);

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Rest<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(
        mut self,
        seed: S,
    ) -> Result<(S::Value, Self), A::Error> {
        Ok((self.0.next_value_seed(seed)?, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Rest<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, A::Error> {
        Err(de::Error::custom("a list has no names"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }
}

/// Writes an enum as an object that begins with the tag of that name.
pub(crate) struct Tagging<S>(pub(crate) &'static str, pub(crate) S);

/// The object that is being written.
pub(crate) struct Fields<S>(S);

impl<S: SerializeStruct> SerializeStructVariant for Fields<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        self.0.serialize_field(key, value)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

/// Only an enum has a tag.
macro_rules! refuse {
    ($($method:ident($($argument:ty),*) -> $value:ty),+ $(,)?) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$value, S::Error> {
            Err(S::Error::custom("only an enum has a tag"))
        })+
    };
}

impl<S: Serializer> Serializer for Tagging<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = Impossible<S::Ok, S::Error>;
    type SerializeStructVariant = Fields<S::SerializeStruct>;

    fn serialize_unit_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        let mut object = self.1.serialize_struct(name, 1)?;
        object.serialize_field(self.0, variant)?;
        object.end()
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Fields<S::SerializeStruct>, S::Error> {
        let mut object = self.1.serialize_struct(name, len.saturating_add(1))?;
        object.serialize_field(self.0, variant)?;
        Ok(Fields(object))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<S::Ok, S::Error> {
        self.serialize_unit()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        self.serialize_unit()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        self.serialize_unit()
    }

    refuse! {
        serialize_bool(bool) -> S::Ok,
        serialize_i8(i8) -> S::Ok,
        serialize_i16(i16) -> S::Ok,
        serialize_i32(i32) -> S::Ok,
        serialize_i64(i64) -> S::Ok,
        serialize_u8(u8) -> S::Ok,
        serialize_u16(u16) -> S::Ok,
        serialize_u32(u32) -> S::Ok,
        serialize_u64(u64) -> S::Ok,
        serialize_f32(f32) -> S::Ok,
        serialize_f64(f64) -> S::Ok,
        serialize_char(char) -> S::Ok,
        serialize_str(&str) -> S::Ok,
        serialize_bytes(&[u8]) -> S::Ok,
        serialize_none() -> S::Ok,
        serialize_unit() -> S::Ok,
        serialize_unit_struct(&'static str) -> S::Ok,
        serialize_seq(Option<usize>) -> Self::SerializeSeq,
        serialize_tuple(usize) -> Self::SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant,
        serialize_map(Option<usize>) -> Self::SerializeMap,
        serialize_struct(&'static str, usize) -> Self::SerializeStruct,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree::Tree;
    use serde::Deserialize;

    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Bare {
        Nothing,
        Both {
            first: u32,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            second: Option<String>,
        },
    }

    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(tag = "what", rename_all = "kebab-case")]
    enum Told {
        Nothing,
        Both {
            first: u32,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            second: Option<String>,
        },
    }

    struct Written<'a>(&'a Bare);

    impl Serialize for Written<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.serialize(Tagging("what", serializer))
        }
    }

    fn read(text: &str) -> Option<Bare> {
        let tree: Tree = serde_json::from_str(text).expect("JSON");
        Bare::deserialize(Tagged("what", tree)).ok()
    }

    #[test]
    fn a_tag_is_written_and_read_as_serde_does() {
        let second = Some("zwei".to_owned());
        let pairs = [
            (Bare::Nothing, Told::Nothing),
            (
                Bare::Both {
                    first: 1,
                    second: None,
                },
                Told::Both {
                    first: 1,
                    second: None,
                },
            ),
            (
                Bare::Both {
                    first: 2,
                    second: second.clone(),
                },
                Told::Both { first: 2, second },
            ),
        ];
        for (bare, told) in pairs {
            let text = serde_json::to_string(&told).expect("JSON");
            assert_eq!(serde_json::to_string(&Written(&bare)).expect("JSON"), text);
            assert_eq!(read(&text), Some(bare));
        }
    }

    #[test]
    fn what_does_not_begin_with_its_tag_is_not_read() {
        for text in [
            r#"{"first":1,"what":"both"}"#,
            r#"{"what":"else"}"#,
            r#"{"what":"both"}"#,
            "{}",
            "1",
            r#""nothing""#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        // What is younger than this code is passed over.
        assert_eq!(
            read(r#"{"what":"nothing","new":{"a":[1.5,18446744073709551615]}}"#),
            Some(Bare::Nothing)
        );
    }
}
