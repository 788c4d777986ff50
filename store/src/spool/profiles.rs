//! What roles say of themselves: what an event changes of it, and how it is read.

use std::collections::BTreeMap;

use domain::event::{Body, Event};
use domain::id::{PictureId, RoleId};
use domain::personal::Personal;
use domain::spool::Profile;
use domain::state::StreamId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Store, StoreError};

/// The profiles that a batch of events changes.
#[derive(Debug, Default)]
pub(crate) struct Profiles(BTreeMap<RoleId, Changed>);

/// What is new of a profile; the rest of its row stays.
#[derive(Debug, Default)]
struct Changed {
    about: Option<String>,
    goods: Option<String>,
    skills: Option<String>,
    languages: Option<String>,
    /// None: as before.
    picture: Option<Option<Uuid>>,
    last: i64,
}

impl Profiles {
    /// Takes one event, with its texts opened.
    pub(crate) fn fold(&mut self, event: &Event) {
        if let (Body::RolleBebildert { picture }, StreamId::Role(role)) =
            (&event.payload, event.stream)
        {
            let changed = self.0.entry(role).or_default();
            changed.last = event.id;
            changed.picture = Some(picture.map(|picture| picture.0));
        }
        let (
            Body::RolleBeschrieben {
                about,
                goods,
                skills,
                languages,
            },
            StreamId::Role(role),
        ) = (&event.payload, event.stream)
        else {
            return;
        };
        let changed = self.0.entry(role).or_default();
        changed.last = event.id;
        for (own, new) in [
            (&mut changed.about, about),
            (&mut changed.goods, goods),
            (&mut changed.skills, skills),
            (&mut changed.languages, languages),
        ] {
            if let Some(new) = new {
                *own = Some(text(new));
            }
        }
    }

    /// Writes what is new.
    pub(crate) async fn write(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let changed = std::mem::take(&mut self.0);
        if changed.is_empty() {
            return Ok(());
        }
        let roles: Vec<Uuid> = changed.keys().map(|role| role.0).collect();
        let column = |of: fn(&Changed) -> &Option<String>| -> Vec<Option<String>> {
            changed
                .values()
                .map(|changed| of(changed).clone())
                .collect()
        };
        sqlx::query!(
            "INSERT INTO profiles_read (role, about, goods, skills, languages, last)
             SELECT role, '', '{}', '{}', '{}', 0 FROM unnest($1::uuid[]) AS new (role)
             ON CONFLICT (role) DO NOTHING",
            &roles
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!(
            r"UPDATE profiles_read old SET
                 about = coalesce(new.about, old.about),
                 goods = coalesce(string_to_array(new.goods, E'\n'), old.goods),
                 skills = coalesce(string_to_array(new.skills, E'\n'), old.skills),
                 languages = coalesce(string_to_array(new.languages, E'\n'), old.languages),
                 picture = CASE WHEN new.is_portrayed THEN new.picture ELSE old.picture END,
                 last = new.last
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::uuid[],
                         $8::boolean[])
                 AS new (role, about, goods, skills, languages, last, picture, is_portrayed)
             WHERE old.role = new.role",
            &roles,
            &column(|changed| &changed.about) as &[Option<String>],
            &column(|changed| &changed.goods) as &[Option<String>],
            &column(|changed| &changed.skills) as &[Option<String>],
            &column(|changed| &changed.languages) as &[Option<String>],
            &changed
                .values()
                .map(|changed| changed.last)
                .collect::<Vec<i64>>(),
            &changed
                .values()
                .map(|changed| changed.picture.flatten())
                .collect::<Vec<Option<Uuid>>>() as &[Option<Uuid>],
            &changed
                .values()
                .map(|changed| changed.picture.is_some())
                .collect::<Vec<bool>>()
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// What can be read of it; an erased text shows as nothing.
fn text(personal: &Personal) -> String {
    personal.readable().unwrap_or_default().to_owned()
}

/// What a role says of itself; nothing where it never did.
///
/// # Errors
/// When the database can't be reached.
pub(crate) async fn profile(store: &Store, role: RoleId) -> Result<Profile, StoreError> {
    let row = sqlx::query!(
        "SELECT about, goods, skills, languages, picture FROM profiles_read WHERE role = $1",
        role.0
    )
    .fetch_optional(store.reads())
    .await?;
    Ok(row.map_or_else(Profile::default, |row| Profile {
        about: row.about,
        goods: row.goods,
        skills: row.skills,
        languages: row.languages,
        picture: row.picture.map(PictureId),
    }))
}
