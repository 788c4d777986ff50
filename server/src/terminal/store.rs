//! What a database has wrong, in German, and the verbs that work on one.

use store::{StoreError, Unfit};

use super::Said;
use crate::migrate::MigrateError;
use crate::product::ProductError;
use crate::rebuild::RebuildError;

impl Said for StoreError {
    fn in_german(&self) -> String {
        match self {
            Self::Address(error) => format!(
                "DATABASE_URL nennt keine Datenbank: {error}. Abhilfe: So schreiben: \
                 postgres://BENUTZER:PASSWORT@RECHNER:PORT/DATENBANK"
            ),
            Self::NotReached(error) => format!(
                "Die Datenbank ist nicht zu erreichen: {error}. Abhilfe: Nachsehen, ob sie läuft und ob DATABASE_URL, wo es \
                 gesetzt ist, sie mit Benutzer und Passwort nennt"
            ),
            Self::Database(error) => {
                format!("Die Datenbank antwortet nicht, wie sie soll: {error}")
            }
            Self::DiskFull => {
                "Der Datenträger der Datenbank ist voll. Abhilfe: Platz schaffen".to_owned()
            }
            Self::Migration(error) => {
                format!("Die Datenbank ließ sich nicht auf diesen Stand bringen: {error}")
            }
            Self::Unfit(unfit) => format!(
                "Dieses PostgreSQL taugt nicht: {}",
                match unfit {
                    Unfit::Old { version } => format!(
                        "Es hat die Version {version}; 150000 (15) ist die älteste, mit der es geht. Abhilfe: Ein neueres \
                         installieren"
                    ),
                    Unfit::NoFsync =>
                        "Bei Stromausfall ginge Bestätigtes verloren. Abhilfe: fsync = on setzen und neu starten".to_owned(),
                    Unfit::TornPages =>
                        "Bei Stromausfall könnten bestätigte Seiten zerreißen. Abhilfe: full_page_writes = on setzen und neu \
                         starten"
                            .to_owned(),
                    Unfit::NoPostgis =>
                        "Es hat kein PostGIS. Abhilfe: PostGIS dort installieren".to_owned(),
                    Unfit::OldPostgis { version } => format!(
                        "Sein PostGIS ist {version}; 3.3 ist das älteste, mit dem es geht. Abhilfe: Ein neueres installieren"
                    ),
                }
            ),
            Self::Unreadable { what, reason } => format!("{what} ist nicht zu lesen: {reason}"),
            Self::CursorForeign { cursor } => {
                format!("Der Stand {cursor} ist nicht aus diesem Log")
            }
            Self::RebuildUnderWay => "Ein anderer Neubau ist im Gang".to_owned(),
            Self::WovenOtherwise { version } => format!(
                "Die Lesemodelle webt eine andere Version dieses Programms ({version}). Abhilfe: Mit jener neu bauen"
            ),
            Self::Random(error) => format!("Das System gibt keine Zufallszahlen her: {error}"),
            Self::GivenUp(error) => format!("Die Arbeit wurde aufgegeben: {error}"),
        }
    }
}

impl Said for ProductError {
    fn in_german(&self) -> String {
        match self {
            Self::Store(error) => error.in_german(),
            Self::Bus(error) => format!(
                "REDIS_URL nennt kein Redis: {error}. Abhilfe: So schreiben: redis://:PASSWORT@RECHNER:PORT"
            ),
            Self::Serve(error) => format!("Das Ausliefern brach ab: {}", error.in_german()),
        }
    }
}

impl Said for MigrateError {
    fn in_german(&self) -> String {
        match self {
            Self::NoDataFolder(error) => error.in_german(),
            Self::Embedded(error) => error.in_german(),
            Self::Store(error) => error.in_german(),
        }
    }
}

impl Said for RebuildError {
    fn in_german(&self) -> String {
        match self {
            Self::NoDataFolder(error) => error.in_german(),
            Self::Embedded(error) => error.in_german(),
            Self::Nowhere { path } => format!(
                "Den Datenordner {} gibt es nicht. Abhilfe: Mit --data ORDNER den nennen, auf dem serve lief.",
                path.display()
            ),
            Self::UnderWay => {
                "Ein anderer Neubau arbeitet an dieser Datenbank. Abhilfe: Sein Ende abwarten; er macht dasselbe."
                    .to_owned()
            }
            Self::Store(error) => format!(
                "Die Lesemodelle sind, wie sie waren: {}. Ein Neubau kann jederzeit wieder gestartet werden.",
                error.in_german()
            ),
            Self::Interrupted => {
                "Vor dem Ende angehalten: Die Lesemodelle sind, wie sie waren.".to_owned()
            }
        }
    }
}
