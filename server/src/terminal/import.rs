//! Why a feature, or the rest of a file, is not brought in, in German.

use app::why;
use app::words::words;
use domain::page::Lang;
use domain::refusal::Refusal;
use domain::time::Millis;

use super::Said;
use crate::import::scan::{At, Byte, FEATURE_BYTES_MAX};
use crate::import::{ImportError, Reason, ScanError, degrees};

impl Said for ScanError {
    fn in_german(&self) -> String {
        match self {
            Self::Read(source) => format!("Lesen ging nicht: {}", source.in_german()),
            Self::Empty => "sie ist leer. Abhilfe: Die Datei nennen, die gemeint war".to_owned(),
            Self::OtherEncoding => {
                "sie ist nicht in UTF-8. Abhilfe: Sie als UTF-8 speichern, was GeoJSON immer ist"
                    .to_owned()
            }
            Self::NotGeoJson { at, found } => format!(
                "{} steht {}, wo ein GeoJSON-Objekt erwartet wird. Abhilfe: Nachsehen, ob es die gemeinte Datei ist und \
                 sie nicht gepackt ist",
                place(at),
                found.in_german()
            ),
            Self::Malformed { at, found, wanted } => format!(
                "{} steht {}, wo {wanted} erwartet wird. Abhilfe: Die Datei dort berichtigen",
                place(at),
                found.in_german()
            ),
            Self::TooDeep { at } => format!(
                "{} stehen mehr Klammern in Klammern, als jemand braucht. Abhilfe: Die Datei dort berichtigen",
                place(at)
            ),
            Self::Truncated { at, began } => format!(
                "{} endet sie mitten in dem, was {} begann. Abhilfe: Die ganze Datei holen",
                place(at),
                place(began)
            ),
            Self::OtherCoordinates { at, named } => format!(
                "{} werden andere Koordinaten als Länge und Breite in WGS 84 genannt: {named}. Abhilfe: Die Datei umrechnen, \
                 zum Beispiel mit: ogr2ogr -t_srs EPSG:4326 neu.geojson DATEI",
                place(at)
            ),
            Self::TooMany { at, max } => format!(
                "{} steht das {max}. Objekt, und mehr werden nicht auf einmal gemerkt. Abhilfe: Die Datei teilen",
                place(at)
            ),
        }
    }
}

impl Said for Byte {
    fn in_german(&self) -> String {
        if self.0.is_ascii_graphic() {
            format!("„{}“", char::from(self.0))
        } else {
            format!("das Byte {:#04x}", self.0)
        }
    }
}

fn place(at: &At) -> String {
    format!("in Zeile {} (Byte {})", at.line, at.byte)
}

impl Said for ImportError {
    fn in_german(&self) -> String {
        match self {
            Self::Open { path, source } => format!(
                "{} ist nicht zu öffnen: {}. Abhilfe: Eine GeoJSON-Datei nennen, die dieser Benutzer lesen darf.",
                path.display(),
                source.in_german()
            ),
            Self::Report { path, source } => format!(
                "Der Bericht lässt sich nicht nach {} schreiben: {}. Abhilfe: Eine Datei in einem Ordner nennen, in dem \
                 dieser Benutzer schreiben darf.",
                path.display(),
                source.in_german()
            ),
            Self::Source { refusal } => format!(
                "Die Quelle braucht einen Namen: {} Abhilfe: Mit --source NAME einen geben.",
                rule(refusal)
            ),
            Self::APersons { source_name } => format!(
                "Unter dem, was die Garnrolle der Quelle „{source_name}“ wäre, handelt ein Mensch. Abhilfe: Mit --source NAME \
                 einen anderen Namen geben."
            ),
            Self::Away(unavailable) => format!(
                "Die Datenbank antwortet nicht mehr: {unavailable}. Was als eingebracht gemeldet ist, bleibt. Abhilfe: Wenn \
                 sie wieder läuft, denselben Import noch einmal starten; er macht weiter, wo dieser aufhörte."
            ),
            Self::Scan { path, scan } => format!(
                "{}: {}.{}",
                path.display(),
                scan.in_german(),
                if scan.is_of_all() {
                    ""
                } else {
                    " Was davor steht, ist eingebracht und bleibt; danach denselben Import noch einmal starten."
                }
            ),
            Self::Nothing { path } => format!(
                "Nichts aus {} ist eingebracht: Alles wurde abgelehnt. Abhilfe: Eine Datei mit GeoJSON-Features nennen oder \
                 beheben, was zu jedem gesagt ist.",
                path.display()
            ),
            Self::Interrupted => {
                "Vor dem Ende angehalten. Was als eingebracht gemeldet ist, bleibt; derselbe Import macht dort weiter."
                    .to_owned()
            }
            Self::NoDataFolder(error) => error.in_german(),
            Self::Embedded(error) => error.in_german(),
            Self::Store(error) => error.in_german(),
            Self::Broken(error) => format!("Die Arbeit brach ab: {error}."),
        }
    }
}

impl Said for Reason {
    fn in_german(&self) -> String {
        match self {
            Self::NotJson => "ist kein gültiges JSON".to_owned(),
            Self::OtherShape => {
                "ist nicht gebaut wie ein Feature (ein Objekt mit type, geometry und properties)".to_owned()
            }
            Self::NotUtf8 => "der Text ist nicht in UTF-8, was GeoJSON immer ist (die Datei umwandeln, zum Beispiel mit: \
                 iconv -f latin1 -t utf-8)"
                .to_owned(),
            Self::TooLarge => format!("hat mehr als {} KiB", FEATURE_BYTES_MAX / 1024),
            Self::CutOff => "ist abgeschnitten: Der nächste Satz beginnt vor seinem Ende".to_owned(),
            Self::NotAFeature { found: None } => "ist kein Feature".to_owned(),
            Self::NotAFeature { found: Some(found) } => {
                format!("ist kein Feature, sondern {found}")
            }
            Self::NoId => "hat keine id, sodass kein späterer Import es wiedererkennt (--id nennt eine Eigenschaft, die \
                 eine hat)"
                .to_owned(),
            Self::NoName => "hat keinen Namen".to_owned(),
            Self::NoGeometry => "ist nirgends: Es hat keine Geometrie".to_owned(),
            Self::Geometry { found } if found.is_empty() => {
                "kein Punkt steht für seine Geometrie".to_owned()
            }
            Self::Geometry { found } => format!("kein Punkt steht für seine Geometrie ({found})"),
            Self::OffTheGlobe { lon, lat } => format!(
                "Länge {}, Breite {} liegt nicht auf der Erde",
                degrees(*lon),
                degrees(*lat)
            ),
            Self::UnknownKind { found } => {
                format!("ist von der Art {found}; es gibt idea, place, tool und bed")
            }
            Self::OtherKind { is } => {
                format!("sein Knoten ist von der Art {is}, und die ändert sich nie")
            }
            Self::Duplicate { line } => format!("seine id steht schon in Zeile {line}"),
            Self::Foreign => "jemand anderes hat einen Knoten mit seiner id".to_owned(),
            Self::Rule(refusal) => rule(refusal),
        }
    }
}

pub(super) fn rule(refusal: &Refusal) -> String {
    if matches!(refusal, Refusal::ControlCharacters) {
        // The page tells who types how to go on.
        return "enthält Steuerzeichen, die niemand sieht".to_owned();
    }
    let date = |at: Millis| {
        let at = at.civil();
        format!("{}. {}. {}", at.day, at.month, at.year)
    };
    why::in_words(words(Lang::De), refusal, date).into_owned()
}
