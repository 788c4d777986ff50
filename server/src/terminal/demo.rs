//! Why there is no demo, in German.

use demo::FillError;

use super::Said;
use crate::demo::DemoError;

impl Said for DemoError {
    fn in_german(&self) -> String {
        match self {
            Self::Serve(error) => error.in_german(),
            Self::Fill(error) => {
                let why = match error {
                    FillError::Real => {
                        "Auf dieser Datenbank weben schon Menschen, und eine Vorführung kommt nie in ein echtes Gewebe. \
                         Abhilfe: Es mit `weltgewebe serve` starten (DEMO=0 make run) oder mit --data ORDNER einen leeren \
                         Ordner nennen"
                            .to_owned()
                    }
                    FillError::Store(error) => error.in_german(),
                    FillError::Unavailable(reason) => format!("Die Datenbank antwortet nicht: {reason}"),
                    FillError::Content(error) => format!("Ihr Inhalt ist nicht zu lesen: {error}"),
                };
                format!("Es gibt keine Vorführung: {why}.")
            }
            Self::Island(error) => format!("Die Insel ließ sich nicht zeichnen: {error}"),
            Self::Broken(error) => format!("Die Arbeit brach ab: {error}."),
            Self::Nowhere { path } => format!("In {} gibt es keine Vorführung.", path.display()),
            Self::Real { path } => format!(
                "{} wird nicht entfernt: Es ist keine Vorführung. Abhilfe: Mit --data ORDNER den Ordner der Vorführung nennen.",
                path.display()
            ),
            Self::Given => {
                "DATABASE_URL nennt die Datenbank der Vorführung. Abhilfe: Sie dort löschen."
                    .to_owned()
            }
            Self::Unknown { path, source } => {
                format!(
                    "{} wird nicht entfernt: {}.",
                    path.display(),
                    source.in_german()
                )
            }
            Self::Remove { path, source } => format!(
                "{} ließ sich nicht entfernen: {}. Abhilfe: Von Hand entfernen.",
                path.display(),
                source.in_german()
            ),
        }
    }
}
