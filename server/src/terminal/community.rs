//! What was said of the community, in both languages, and why it was not, in German.

use std::fmt;

use super::Said;
use super::import::rule;
use crate::community::{CommunityError, Described};

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_new {
            "The community is described so from now on"
        } else {
            "The community was described so already; nothing was changed"
        })
    }
}

impl Said for Described {
    fn in_german(&self) -> String {
        let said = if self.is_new {
            "Die Gemeinschaft ist von jetzt an so beschrieben"
        } else {
            "Die Gemeinschaft war schon so beschrieben; es bleibt, wie es war"
        };
        said.to_owned()
    }
}

impl Said for CommunityError {
    fn in_german(&self) -> String {
        match self {
            Self::NoDataFolder(error) => error.in_german(),
            Self::Embedded(error) => error.in_german(),
            Self::Nowhere { path } => format!(
                "Den Datenordner {} gibt es nicht. Abhilfe: Mit --data ORDNER den nennen, auf dem serve läuft.",
                path.display()
            ),
            Self::Refused(refusal) => format!("Eine Regel steht dagegen: {}", rule(refusal)),
            Self::Unavailable(unavailable) => format!(
                "Nichts ist geändert: {unavailable}. Abhilfe: Wenn die Datenbank wieder antwortet, dasselbe noch einmal."
            ),
            Self::Store(error) => error.in_german(),
            Self::Interrupted => {
                "Vor dem Ende angehalten: Nichts ist geändert, außer es wurde gemeldet.".to_owned()
            }
        }
    }
}
