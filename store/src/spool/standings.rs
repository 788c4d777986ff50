//! Where roles stand, who vouches for whom and what the community asks for: what an event changes of it, and how it is read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::event::{Body, Event};
use domain::id::RoleId;
use domain::spool::{CommunityState, Met, Right, Standing};
use domain::state::StreamId;
use domain::time::Millis;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::moment::{millis, stamp};
use crate::{Store, StoreError};

/// Whom a page names at most as vouched for by one role.
const VOUCHES_FOR_MAX: i64 = 200;

/// What a batch of events changes.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    roles: BTreeMap<RoleId, Changed>,
    /// Who vouches (by the event that says so) or does no more, for whom.
    vouches: BTreeMap<(RoleId, RoleId), Option<i64>>,
    /// Begin anew: what was vouched for them before the batch counts no more.
    cleared: Vec<RoleId>,
    community: Option<(u32, i64)>,
}

/// What is new of a standing; the rest of its row stays.
#[derive(Debug, Default)]
struct Changed {
    weaver_since: Option<Option<Millis>>,
    /// New with `weaver_since`.
    is_granted: bool,
    admin_since: Option<Option<Millis>>,
    last: i64,
}

impl Standings {
    /// Takes one event.
    pub(crate) fn fold(&mut self, event: &Event) {
        if let (StreamId::Community, Body::BuergschaftenFestgelegt { needed }) =
            (event.stream, &event.payload)
        {
            self.community = Some((*needed, event.id));
        }
        let StreamId::Role(role) = event.stream else {
            return;
        };
        let by = event.tie.map(|tie| tie.from);
        match (&event.payload, by) {
            (Body::BuergschaftGegeben, Some(by)) => {
                self.vouches.insert((role, by), Some(event.id));
            }
            (Body::BuergschaftZurueckgezogen, Some(by)) => {
                self.vouches.insert((role, by), None);
            }
            (Body::WeberBestaetigt { why }, _) => {
                self.change(role, event, Right::Weaver, Some(event.at), why.is_granted());
            }
            (Body::RechtVergeben { right, .. }, _) => {
                self.change(role, event, *right, Some(event.at), true);
            }
            (Body::RechtEntzogen { right, .. }, _) => {
                self.change(role, event, *right, None, false);
                if *right == Right::Weaver {
                    self.vouches.retain(|(of, _), _| *of != role);
                    self.cleared.push(role);
                }
            }
            _ => {}
        }
    }

    fn change(
        &mut self,
        role: RoleId,
        event: &Event,
        right: Right,
        since: Option<Millis>,
        is_granted: bool,
    ) {
        let changed = self.roles.entry(role).or_default();
        changed.last = event.id;
        match right {
            Right::Weaver => {
                (changed.weaver_since, changed.is_granted) = (Some(since), is_granted);
            }
            Right::Admin => changed.admin_since = Some(since),
        }
    }

    /// Writes what is new.
    pub(crate) async fn write(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let new = std::mem::take(self);
        rights(&mut *connection, &new.roles).await?;
        vouches(&mut *connection, &new).await?;
        if let Some((needed, last)) = new.community {
            sqlx::query!(
                "INSERT INTO community_read AS known (vouches_needed, last) VALUES ($1, $2)
                 ON CONFLICT (one) DO UPDATE
                 SET vouches_needed = excluded.vouches_needed, last = greatest(known.last, excluded.last)",
                needed.cast_signed(),
                last
            )
            .execute(connection)
            .await?;
        }
        Ok(())
    }
}

async fn rights(
    connection: &mut PgConnection,
    changed: &BTreeMap<RoleId, Changed>,
) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    let roles: Vec<Uuid> = changed.keys().map(|role| role.0).collect();
    let rows = || changed.values();
    let is_new = |of: fn(&Changed) -> Option<Option<Millis>>| -> Vec<bool> {
        rows().map(|row| of(row).is_some()).collect()
    };
    let since = |of: fn(&Changed) -> Option<Option<Millis>>| -> Vec<Option<DateTime<Utc>>> {
        rows().map(|row| of(row).flatten().map(stamp)).collect()
    };
    let lasts: Vec<i64> = rows().map(|row| row.last).collect();
    sqlx::query!(
        "INSERT INTO standings_read AS known (role, weaver_since, admin_since, last, is_granted)
         SELECT new.role, new.weaver_since, new.admin_since, new.last, new.is_granted
         FROM unnest($1::uuid[], $3::timestamptz[], $5::timestamptz[], $6::int8[], $7::bool[])
             AS new (role, weaver_since, admin_since, last, is_granted)
         ON CONFLICT (role) DO UPDATE SET
             weaver_since = CASE WHEN ($2::bool[])[array_position($1::uuid[], known.role)]
                            THEN excluded.weaver_since ELSE known.weaver_since END,
             is_granted = CASE WHEN ($2::bool[])[array_position($1::uuid[], known.role)]
                          THEN excluded.is_granted ELSE known.is_granted END,
             admin_since = CASE WHEN ($4::bool[])[array_position($1::uuid[], known.role)]
                           THEN excluded.admin_since ELSE known.admin_since END,
             last = excluded.last",
        &roles,
        &is_new(|row| row.weaver_since),
        &since(|row| row.weaver_since) as &[Option<DateTime<Utc>>],
        &is_new(|row| row.admin_since),
        &since(|row| row.admin_since) as &[Option<DateTime<Utc>>],
        &lasts,
        &rows().map(|row| row.is_granted).collect::<Vec<bool>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn vouches(connection: &mut PgConnection, new: &Standings) -> Result<(), StoreError> {
    if !new.cleared.is_empty() {
        let cleared: Vec<Uuid> = new.cleared.iter().map(|role| role.0).collect();
        sqlx::query!("DELETE FROM vouches_read WHERE role = ANY($1)", &cleared)
            .execute(&mut *connection)
            .await?;
    }
    let (mut roles, mut bys, mut givens) = (Vec::new(), Vec::new(), Vec::new());
    for ((role, by), given) in &new.vouches {
        roles.push(role.0);
        bys.push(by.0);
        givens.push(*given);
    }
    if roles.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM vouches_read old USING unnest($1::uuid[], $2::uuid[]) AS new (role, by_role)
         WHERE old.role = new.role AND old.by_role = new.by_role",
        &roles,
        &bys
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO vouches_read (role, by_role, given)
         SELECT role, by_role, given FROM unnest($1::uuid[], $2::uuid[], $3::int8[]) AS new (role, by_role, given)
         WHERE given IS NOT NULL",
        &roles,
        &bys,
        &givens as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Where a role stands.
///
/// # Errors
/// When the database can't be reached.
pub(crate) async fn standing(store: &Store, role: RoleId) -> Result<Standing, StoreError> {
    let row = sqlx::query!(
        r#"SELECT s.weaver_since AS "weaver_since?", s.admin_since AS "admin_since?",
                  s.is_granted AS "is_granted?", c.vouches_needed AS "vouches_needed?"
           FROM (VALUES (1)) AS one LEFT JOIN standings_read s ON s.role = $1 LEFT JOIN community_read c ON true"#,
        role.0
    )
    .fetch_one(store.reads())
    .await?;
    let vouched_by = sqlx::query!(
        "SELECT v.by_role, r.name FROM vouches_read v JOIN roles_read r ON r.role = v.by_role
         WHERE v.role = $1 ORDER BY v.given",
        role.0
    )
    .map(|row| Met {
        role: RoleId(row.by_role),
        name: row.name,
    })
    .fetch_all(store.reads())
    .await?;
    let usual = CommunityState::default().vouches_needed;
    Ok(Standing {
        weaver_since: row.weaver_since.map(millis),
        is_granted: row.is_granted.unwrap_or_default(),
        admin_since: row.admin_since.map(millis),
        vouched_by,
        vouches_needed: row.vouches_needed.map_or(usual, i32::cast_unsigned),
    })
}

/// Whom a role vouches for or has confirmed, the newest first.
///
/// # Errors
/// When the database can't be reached.
pub(crate) async fn vouches_for(store: &Store, role: RoleId) -> Result<Vec<Met>, StoreError> {
    let rows = sqlx::query!(
        "SELECT v.role, r.name FROM vouches_read v JOIN roles_read r ON r.role = v.role
         WHERE v.by_role = $1 ORDER BY v.given DESC LIMIT $2",
        role.0,
        VOUCHES_FOR_MAX
    )
    .map(|row| Met {
        role: RoleId(row.role),
        name: row.name,
    })
    .fetch_all(store.reads())
    .await?;
    Ok(rows)
}
