//! What the statements tell, as hits.

use domain::id::{MessageId, NodeId, RoleId};
use domain::place::Place;
use domain::search::{Hit, Subject};
use uuid::Uuid;

use super::excerpt::excerpt;
use crate::StoreError;
use crate::weave::{kind, point};

/// A hit, and what decides about its place among others.
pub(super) struct Ranked {
    pub(super) hit: Hit,
    /// How near it comes to what was asked, from 0 to 8.
    pub(super) closeness: i32,
}

/// A knot that was found.
pub(super) struct SqlNode {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) lat: i32,
    pub(super) lon: i32,
    pub(super) closeness: i32,
}

/// A role that was found.
pub(super) struct SqlRole {
    pub(super) role: Uuid,
    pub(super) name: String,
    pub(super) about: Option<String>,
    pub(super) tags: Option<String>,
    pub(super) lat: Option<i32>,
    pub(super) lon: Option<i32>,
    pub(super) closeness: i32,
}

/// A message that was found, with its knot.
pub(super) struct SqlMessage {
    pub(super) id: Uuid,
    pub(super) text: String,
    pub(super) by: String,
    pub(super) node: Uuid,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) lat: i32,
    pub(super) lon: i32,
}

/// A knot or a role whose title has signs in it that were asked for.
pub(super) struct SqlSign {
    pub(super) id: Uuid,
    /// Of a knot.
    pub(super) kind: Option<String>,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) lat: Option<i32>,
    pub(super) lon: Option<i32>,
}

/// How near something said comes to what was asked: it is heard after what is called so.
const SAID: i32 = 1;
/// How near what has the very signs comes.
const EXACT: i32 = 8;

/// Turns rows into hits, seen from one place by one who asked for these words.
pub(super) struct Telling<'a> {
    pub(super) around: Place,
    pub(super) words: &'a [String],
    /// What a knot says, without the signs that mark it up.
    pub(super) plain: fn(&str) -> String,
}

impl Telling<'_> {
    fn hit(&self, of: Subject, title: String, text: &str, place: Option<Place>) -> Hit {
        Hit {
            of,
            title,
            excerpt: excerpt(text, self.words),
            place,
            distance_m: place.map(|place| self.around.distance_m(place).round() as u32),
        }
    }

    pub(super) fn node(&self, row: SqlNode) -> Result<Ranked, StoreError> {
        let of = Subject::Node {
            node: NodeId(row.id),
            kind: kind(&row.kind)?,
        };
        let place = point(Some(row.lat), Some(row.lon));
        Ok(Ranked {
            hit: self.hit(of, row.title, &(self.plain)(&row.text), place),
            closeness: row.closeness,
        })
    }

    pub(super) fn role(&self, row: SqlRole) -> Ranked {
        let of = Subject::Role {
            role: RoleId(row.role),
        };
        let said = [row.tags, row.about].into_iter().flatten();
        let said: Vec<String> = said.filter(|text| !text.is_empty()).collect();
        let place = point(row.lat, row.lon);
        Ranked {
            hit: self.hit(of, row.name, &said.join(" · "), place),
            closeness: row.closeness,
        }
    }

    pub(super) fn message(&self, row: SqlMessage) -> Result<Ranked, StoreError> {
        let of = Subject::Message {
            message: MessageId(row.id),
            node: NodeId(row.node),
            kind: kind(&row.kind)?,
            by: row.by,
        };
        let place = point(Some(row.lat), Some(row.lon));
        Ok(Ranked {
            hit: self.hit(of, row.title, &row.text, place),
            closeness: SAID,
        })
    }

    pub(super) fn sign(&self, row: SqlSign) -> Result<Ranked, StoreError> {
        let of = match &row.kind {
            Some(code) => Subject::Node {
                node: NodeId(row.id),
                kind: kind(code)?,
            },
            None => Subject::Role {
                role: RoleId(row.id),
            },
        };
        let text = match of {
            Subject::Node { .. } => (self.plain)(&row.text),
            _ => row.text,
        };
        let place = point(row.lat, row.lon);
        Ok(Ranked {
            hit: self.hit(of, row.title, &text, place),
            closeness: EXACT,
        })
    }
}
