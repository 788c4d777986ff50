//! Refuses a server that would lose what it acknowledged, or that is too old for what we ask of it.

use sqlx::PgConnection;

use crate::StoreError;

const POSTGRES_MIN: i32 = 150_000;
const POSTGIS_MIN: (u32, u32) = (3, 3);

/// Looks at the server before anything is written to it.
pub(crate) async fn check_server(connection: &mut PgConnection) -> Result<(), StoreError> {
    let server = sqlx::query!(
        r#"SELECT current_setting('server_version_num')::int4 AS "version!",
                  current_setting('fsync') AS "fsync!",
                  current_setting('full_page_writes') AS "full_page_writes!",
                  (SELECT max(default_version) FROM pg_available_extensions WHERE name = 'postgis') AS postgis"#
    )
    .fetch_one(connection)
    .await?;
    judge(
        server.version,
        &server.fsync,
        &server.full_page_writes,
        server.postgis.as_deref(),
    )
    .map_err(StoreError::Unfit)
}

/// Why a server is not worked on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// `server_version_num` of PostgreSQL.
    #[error(
        "it is version {version}, {POSTGRES_MIN} (15) is the oldest that works. Fix: install a newer one"
    )]
    Old { version: i32 },
    #[error("a power cut would lose what was acknowledged. Fix: set fsync = on and restart it")]
    NoFsync,
    #[error(
        "a power cut could tear pages that were acknowledged. Fix: set full_page_writes = on and restart it"
    )]
    TornPages,
    #[error("it has no PostGIS. Fix: install PostGIS there")]
    NoPostgis,
    #[error("its PostGIS is {version}, 3.3 is the oldest that works. Fix: install a newer one")]
    OldPostgis { version: String },
}

fn judge(
    version: i32,
    fsync: &str,
    full_page_writes: &str,
    postgis: Option<&str>,
) -> Result<(), Unfit> {
    if version < POSTGRES_MIN {
        return Err(Unfit::Old { version });
    }
    if fsync != "on" {
        return Err(Unfit::NoFsync);
    }
    if full_page_writes != "on" {
        return Err(Unfit::TornPages);
    }
    let Some(postgis) = postgis else {
        return Err(Unfit::NoPostgis);
    };
    let mut numbers = postgis.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < POSTGIS_MIN {
        return Err(Unfit::OldPostgis {
            version: postgis.to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_would_lose_acknowledged_writes_is_refused() {
        assert_eq!(judge(150_010, "on", "on", Some("3.3.2")), Ok(()));
        assert_eq!(judge(160_002, "on", "on", Some("3.10.0")), Ok(()));
        for (version, fsync, pages, postgis) in [
            (140_009, "on", "on", Some("3.3.2")),
            (150_010, "off", "on", Some("3.3.2")),
            (150_010, "on", "off", Some("3.3.2")),
            (150_010, "on", "on", Some("3.2.9")),
            (150_010, "on", "on", None),
        ] {
            assert!(judge(version, fsync, pages, postgis).is_err());
        }
    }
}
