//! What the doctor finds, in German.

use super::Said;
use crate::doctor::{Good, Lack};

impl Said for Good {
    fn in_german(&self) -> String {
        match self {
            Self::PostgresGiven => {
                "PostgreSQL: DATABASE_URL nennt eines; angesehen wird es, wenn `serve` oder `migrate` startet.".to_owned()
            }
            Self::Postgres {
                version,
                postgis,
                folder,
            } => format!(
                "PostgreSQL {version} mit PostGIS {postgis} in {}.",
                folder.display()
            ),
            Self::RedisGiven => "Redis: REDIS_URL nennt eines.".to_owned(),
            Self::Redis { version, path } => format!("Redis {version} als {}.", path.display()),
            Self::FolderToMake { data } => format!(
                "Den Datenordner {} gibt es noch nicht; `serve` legt ihn an.",
                data.display()
            ),
            Self::Folder { data } => format!("Der Datenordner ist {}.", data.display()),
            Self::SocketsElsewhere { folder } => format!(
                "Sein Pfad ist zu lang für Sockets oder enthält ein Komma; sie kommen nach {}.",
                folder.display()
            ),
            Self::Space { gib } => format!("{gib} GiB sind dort frei."),
            Self::Accounts { accounts } => {
                format!("PostgreSQL und Redis laufen als {accounts}.")
            }
            Self::Basemap { path } => format!("Die Grundkarte {} passt.", path.display()),
            Self::Address { address } => format!("{address} ist frei."),
            Self::Files { now, most } => {
                format!("{most} offene Dateien sind erlaubt (anfangs {now}).")
            }
        }
    }
}

impl Said for Lack {
    fn in_german(&self) -> String {
        match self {
            Self::Unreadable { data, source } => format!(
                "Der Datenordner {} ist nicht zu lesen: {}. Abhilfe: Mit --data ORDNER einen anderen nennen.",
                data.display(),
                source.in_german()
            ),
            Self::Space { mib, there } => format!(
                "In {} sind nur {mib} MiB frei. Abhilfe: Platz schaffen oder mit --data ORDNER einen Ordner auf einem anderen \
                 Datenträger nennen.",
                there.display()
            ),
            Self::Files { most, wanted } => format!(
                "Nur {most} offene Dateien sind erlaubt, und jeder Browser braucht eine. Abhilfe: ulimit -Hn {wanted} oder \
                 LimitNOFILE in der Unit des Dienstes."
            ),
        }
    }
}
