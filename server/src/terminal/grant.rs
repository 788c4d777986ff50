//! What was granted, in both languages, and why it was not, in German.

use std::fmt;

use domain::spool::Right;

use super::Said;
use super::import::rule;
use crate::grant::{GrantError, Granted, list};

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Right {
                name,
                role,
                right,
                is_taken,
                is_new,
            } => {
                let what = match right {
                    Right::Weaver => "a weaver",
                    Right::Admin => "an admin",
                };
                let is = match (is_taken, is_new) {
                    (false, true) => "now",
                    (false, false) => "already; nothing was changed",
                    (true, true) => "no more",
                    (true, false) => "not at all; nothing was changed",
                };
                write!(f, "{name} ({role}) is {what} {is}")
            }
            Self::Vouches { needed, is_new } => {
                let already = if *is_new { "" } else { ", as before" };
                match needed {
                    0 => write!(f, "Whoever registers is a weaver at once{already}"),
                    1 => write!(f, "1 vouch makes a weaver{already}"),
                    n => write!(f, "{n} vouches make a weaver{already}"),
                }
            }
        }
    }
}

impl Said for Granted {
    fn in_german(&self) -> String {
        match self {
            Self::Right {
                name,
                role,
                right,
                is_taken,
                is_new,
            } => {
                let what = match right {
                    Right::Weaver => "webt",
                    Right::Admin => "vergibt",
                };
                let is = match (right, is_taken, is_new) {
                    (Right::Weaver, false, true) => "jetzt mit",
                    (Right::Weaver, false, false) => "schon mit; es bleibt, wie es war",
                    (Right::Weaver, true, true) => "nicht mehr mit",
                    (Right::Weaver, true, false) => "gar nicht mit; es bleibt, wie es war",
                    (Right::Admin, false, true) => "jetzt Rechte",
                    (Right::Admin, false, false) => "schon Rechte; es bleibt, wie es war",
                    (Right::Admin, true, true) => "keine Rechte mehr",
                    (Right::Admin, true, false) => "gar keine Rechte; es bleibt, wie es war",
                };
                format!("{name} ({role}) {what} {is}")
            }
            Self::Vouches { needed, is_new } => {
                let already = if *is_new { "" } else { ", wie bisher" };
                match needed {
                    0 => format!("Wer sich eine Garnrolle anlegt, webt sofort mit{already}"),
                    1 => format!("Mit 1 Bürgschaft webt jemand mit{already}"),
                    n => format!("Mit {n} Bürgschaften webt jemand mit{already}"),
                }
            }
        }
    }
}

impl Said for GrantError {
    fn in_german(&self) -> String {
        match self {
            Self::NoDataFolder(error) => error.in_german(),
            Self::Embedded(error) => error.in_german(),
            Self::Nowhere { path } => format!(
                "Den Datenordner {} gibt es nicht. Abhilfe: Mit --data ORDNER den nennen, auf dem serve läuft.",
                path.display()
            ),
            Self::Unknown { asked } => format!(
                "Keine Garnrolle heißt „{asked}“, und es ist auch keine Kennung. Abhilfe: Den Namen schreiben, wie ihre Seite ihn zeigt, \
                 oder die Kennung am Ende der Adresse ihrer Seite nennen."
            ),
            Self::Ambiguous { asked, ids } => format!(
                "Mehrere Garnrollen heißen „{asked}“. Abhilfe: Eine davon mit ihrer Kennung nennen:{}",
                list(ids)
            ),
            Self::Refused(refusal) => format!("Eine Regel steht dagegen: {}", rule(refusal)),
            Self::Unavailable(unavailable) => format!(
                "Nichts ist vergeben: {unavailable}. Abhilfe: Wenn die Datenbank wieder antwortet, dasselbe noch einmal."
            ),
            Self::Behind => "Namen lassen sich nicht nachsehen: Was die Seiten lesen, folgt dem Log nicht. Abhilfe: Im Log des Servers \
                 nachsehen, warum, oder dasselbe noch einmal."
                .to_owned(),
            Self::Store(error) => error.in_german(),
            Self::Interrupted => {
                "Vor dem Ende angehalten: Nichts ist vergeben, außer es wurde gemeldet.".to_owned()
            }
        }
    }
}
