//! Why a file cannot be the base map, in German.

use store::basemap::{BasemapError, LAYERS_NAMED_MAX};

use super::Said;

const AGAIN: &str = "Abhilfe: Die Datei noch einmal machen oder kopieren (docs/operating.md sagt, wie man eine macht)";

impl Said for BasemapError {
    fn in_german(&self) -> String {
        let file = format!("Die Grundkarte {}", self.path().display());
        match self {
            Self::Missing { .. } => {
                format!("{file} gibt es nicht. Abhilfe: Den Pfad prüfen oder ohne BASEMAP starten.")
            }
            Self::NotReadable { source, .. } => format!(
                "{file} ist nicht zu lesen: {}. Abhilfe: Wer weltgewebe startet, muss die Datei lesen und die Ordner \
                 darüber betreten dürfen.",
                source.in_german()
            ),
            Self::NoFile { .. } => format!(
                "{file} ist ein Ordner oder Gerät. Abhilfe: Die .mbtiles- oder .pmtiles-Datei selbst nennen."
            ),
            Self::Empty { .. } => format!("{file} ist leer. {AGAIN}."),
            Self::UnknownFormat { beginning, .. } => format!(
                "{file} ist weder eine .mbtiles- (SQLite) noch eine .pmtiles-Datei: Sie beginnt mit {beginning:?}. Abhilfe: \
                 Eine Datei in einem dieser Formate nennen."
            ),
            Self::OldVersion { version, .. } => format!(
                "{file} ist eine .pmtiles-Datei der Version {version}. Abhilfe: Mit `pmtiles convert` in Version 3 umwandeln."
            ),
            Self::Cut {
                expected, found, ..
            } => format!(
                "{file} ist abgeschnitten: Sie sollte {expected} Bytes haben und hat {found}. {AGAIN}."
            ),
            Self::Unfinished { journal, .. } => format!(
                "{file} ist nicht fertig: Änderungen an ihr liegen noch in {}. Abhilfe: Das Programm, das sie schreibt, zu \
                 Ende kommen lassen oder `sqlite3 DATEI 'pragma wal_checkpoint(truncate)'` aufrufen.",
                journal.display()
            ),
            Self::Damaged { reason, .. } => format!("{file} ist beschädigt: {reason}. {AGAIN}."),
            Self::NotMbtiles { .. } => format!(
                "{file} ist eine SQLite-Datenbank, aber keine .mbtiles-Datei: Ihr fehlen die Tabellen `tiles` und \
                 `metadata`. Abhilfe: Eine .mbtiles- oder .pmtiles-Datei nennen."
            ),
            Self::NoTiles { .. } => format!("{file} hat keine Kacheln. {AGAIN}."),
            Self::OtherTiles { format, .. } => format!(
                "{file} hat Kacheln der Art {format}; nur Vektorkacheln (MVT) können gezeichnet werden. Abhilfe: Eine \
                 Vektorkarte im OpenMapTiles-Schema nehmen."
            ),
            Self::OtherCompression { compression, .. } => format!(
                "{file} hat Kacheln, die mit {compression} gepackt sind; das liest nicht jeder Browser. Abhilfe: Sie in \
                 gzip umwandeln."
            ),
            Self::OtherSchema { layers, .. } => format!(
                "{file} ist nicht im OpenMapTiles-Schema: Sie hat keine Ebene `transportation`, nur {}. Abhilfe: Sie mit \
                 einer OpenMapTiles-Konfiguration machen, zum Beispiel der von tilemaker (docs/operating.md sagt, wie).",
                listed(layers)
            ),
        }
    }
}

fn listed(layers: &[String]) -> String {
    if layers.is_empty() {
        return "gar keine".to_owned();
    }
    let named = layers.iter().take(LAYERS_NAMED_MAX);
    let mut text = named
        .map(|layer| format!("`{layer}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if layers.len() > LAYERS_NAMED_MAX {
        text.push_str(", …");
    }
    text
}
