//! What a role says of itself beside its name: a few words, and what it has on offer.

use serde::{Deserialize, Serialize};

use super::draft;
use crate::event::{Body, Draft};
use crate::id::{PictureId, RoleId};
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::tidy::{count, tidy_line, tidy_text};

/// Characters of what a role says about itself.
pub const ABOUT_MAX: u32 = 1000;
/// Characters of one tag.
pub const TAG_MAX: u32 = 40;
/// Tags in one list.
pub const TAGS_MAX: usize = 20;

/// A role's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    pub about: String,
    /// What can be borrowed or had.
    pub goods: Vec<String>,
    /// What can be asked for.
    pub skills: Vec<String>,
    /// As their speakers call them.
    pub languages: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
}

impl Profile {
    /// Whether nothing is said.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.about.is_empty()
            && self.goods.is_empty()
            && self.skills.is_empty()
            && self.languages.is_empty()
            && self.picture.is_none()
    }

    /// Takes over what an event says was changed; an erased text shows as nothing.
    pub fn change(
        &mut self,
        about: Option<&Personal>,
        goods: Option<&Personal>,
        skills: Option<&Personal>,
        languages: Option<&Personal>,
    ) {
        if let Some(about) = about {
            about
                .readable()
                .unwrap_or_default()
                .clone_into(&mut self.about);
        }
        for (own, new) in [
            (&mut self.goods, goods),
            (&mut self.skills, skills),
            (&mut self.languages, languages),
        ] {
            if let Some(new) = new {
                *own = listed(new);
            }
        }
    }
}

/// A profile as it is asked for; what is none stays as it is.
pub(crate) struct Description<'a> {
    pub(crate) about: Option<&'a str>,
    pub(crate) goods: Option<&'a [String]>,
    pub(crate) skills: Option<&'a [String]>,
    pub(crate) languages: Option<&'a [String]>,
}

pub(crate) fn decide_describe(by: RoleId, asked: &Description<'_>) -> Result<Vec<Draft>, Refusal> {
    let list = |asked: Option<&[String]>| -> Result<Option<Personal>, Refusal> {
        // One text with a tag a line, so that a list is sealed as one.
        let joined = asked.map(tags).transpose()?.map(|tags| tags.join("\n"));
        Ok(joined.map(|text| Personal::open(by, text)))
    };
    let about = asked.about.map(about).transpose()?;
    let about = about.map(|text| Personal::open(by, text));
    let (goods, skills) = (list(asked.goods)?, list(asked.skills)?);
    let languages = list(asked.languages)?;
    if about.is_none() && goods.is_none() && skills.is_none() && languages.is_none() {
        return Err(Refusal::NothingChanged);
    }
    Ok(vec![draft(
        by,
        Body::RolleBeschrieben {
            about,
            goods,
            skills,
            languages,
        },
    )])
}

/// What a role says about itself, as it is kept: nothing blank at either end.
///
/// # Errors
/// When it has control characters or is too long.
pub fn about(asked: &str) -> Result<String, Refusal> {
    let text = tidy_text(asked)?;
    match count(&text) {
        got if got > ABOUT_MAX => Err(Refusal::TextLength {
            max: ABOUT_MAX,
            got,
        }),
        _ => Ok(text),
    }
}

/// Tags as they are kept: each one line without what separates tags in a form, none of them empty, none twice, whatever its case.
///
/// # Errors
/// When one has control characters or is too long, or when they are too many.
pub fn tags(asked: &[String]) -> Result<Vec<String>, Refusal> {
    let mut tags: Vec<String> = Vec::new();
    for tag in asked.iter().map(String::as_str).flat_map(apart) {
        let tag = tidy_line(tag)?;
        let got = count(&tag);
        if got > TAG_MAX {
            return Err(Refusal::TagLength { max: TAG_MAX, got });
        }
        let folded = tag.to_lowercase();
        if got == 0 || tags.iter().any(|known| known.to_lowercase() == folded) {
            continue;
        }
        // Whoever sends thousands holds nobody up: what follows is not looked at.
        if tags.len() == TAGS_MAX {
            return Err(Refusal::TooManyTags {
                max: TAGS_MAX as u32,
                got: asked.len().max(TAGS_MAX + 1) as u32,
            });
        }
        tags.push(tag);
    }
    Ok(tags)
}

/// What is typed as one list, tag by tag.
pub fn apart(typed: &str) -> impl Iterator<Item = &str> {
    typed.split([',', ';', '\n'])
}

/// The tags of a list as an event carries it.
fn listed(tags: &Personal) -> Vec<String> {
    let text = tags.readable().unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
