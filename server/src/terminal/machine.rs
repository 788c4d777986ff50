//! What this machine lacks, in German: its folder, its programs, its addresses.

use super::Said;
use crate::cli::NoDataFolder;
use crate::embedded::EmbeddedError;
use crate::http::MailerError;
use crate::listen::ListenError;
use crate::tls::TlsError;

impl Said for NoDataFolder {
    fn in_german(&self) -> String {
        "Ohne XDG_DATA_HOME und HOME gibt es keinen Datenordner, der gemeint sein könnte. Abhilfe: Mit --data ORDNER einen \
         nennen."
            .to_owned()
    }
}

impl Said for EmbeddedError {
    fn in_german(&self) -> String {
        match self {
            Self::Folder { path, source, .. } => format!(
                "Der Datenordner {} ist nicht zu benutzen: {}. Abhilfe: Mit --data ORDNER einen nennen, in dem dieser \
                 Benutzer schreiben darf.",
                path.display(),
                source.in_german()
            ),
            Self::DiskFull { path, said } => format!(
                "Der Datenträger mit dem Datenordner {} ist voll ({said}). Abhilfe: Platz schaffen und wieder starten, oder \
                 mit --data ORDNER einen anderen nehmen.",
                path.display()
            ),
            Self::PathTooLong { path } => format!(
                "Der Pfad des Datenordners {} ist zu lang für dieses System. Abhilfe: Mit --data ORDNER einen kürzeren nennen.",
                path.display()
            ),
            Self::SocketFolderTaken { path } => format!(
                "{}, wo die Sockets liegen sollen, gehört jemand anderem oder ist kein Ordner. Abhilfe: Es entfernen oder mit \
                 --data ORDNER einen anderen Datenordner nennen.",
                path.display()
            ),
            Self::AnotherUsers { path, owner } => format!(
                "Der Datenordner {} gehört {owner}. Abhilfe: Als {owner} starten oder mit --data ORDNER einen anderen nennen.",
                path.display()
            ),
            Self::NotEnterable {
                folder,
                parent,
                account,
            } => format!(
                "PostgreSQL und Redis laufen nie als root, und {account}, der sie starten würde, darf {} nicht betreten, worin \
                 der Datenordner {} liegt. Abhilfe: Mit --data ORDNER einen anderswo nennen (ohne: /var/lib/weltgewebe) oder \
                 andere durchlassen: chmod o+x {}",
                parent.display(),
                folder.display(),
                parent.display()
            ),
            Self::NoAccount { wanted } => format!(
                "PostgreSQL und Redis laufen nie als root, und von den Benutzern {wanted} gibt es hier keinen. Abhilfe: Sie aus \
                 Paketen installieren, die ihre Benutzer anlegen, oder weltgewebe als gewöhnlicher Benutzer starten."
            ),
            Self::InUse { path, pid } => format!(
                "Auf dem Datenordner {} läuft schon ein weltgewebe{}. Abhilfe: Jenes zuerst anhalten{} oder mit --data ORDNER \
                 einen anderen nennen.",
                path.display(),
                process(*pid),
                pid.map(|pid| format!(" (kill {pid})")).unwrap_or_default()
            ),
            Self::NoDatabase { path, pid } => format!(
                "Auf dem Datenordner {} läuft ein weltgewebe{}, aber kein eigenes PostgreSQL. Abhilfe: Lief jenes mit \
                 DATABASE_URL an, hier dieselbe angeben; startet es gerade, noch einmal versuchen.",
                path.display(),
                process(*pid)
            ),
            Self::NotFound { program, package } => format!(
                "{program} ist nicht da. Abhilfe: Installieren, auf Debian mit: apt-get install {package}"
            ),
            Self::NotInFolder {
                program,
                path,
                variable,
            } => format!(
                "In {}, dem Ordner aus {variable}, ist kein {program}. Abhilfe: Den Ordner nennen, in dem es liegt, oder keinen.",
                path.display()
            ),
            Self::TooOld {
                program,
                found,
                wanted,
                variable,
            } => format!(
                "{program} {found} ist zu alt; gebraucht wird {wanted} oder neuer. Abhilfe: Ein neueres installieren oder mit \
                 {variable} einen Server nennen."
            ),
            Self::OtherVersion { path, needed } => format!(
                "Der Datenordner {} ist von PostgreSQL {needed}, und dessen Programme fehlen. Abhilfe: apt-get install \
                 postgresql-{needed} postgresql-{needed}-postgis-3 (oder die Daten mit pg_upgrade umziehen).",
                path.display()
            ),
            Self::NoPostgis { major } => format!(
                "PostgreSQL {major} hat hier kein PostGIS. Abhilfe: apt-get install postgresql-{major}-postgis-3"
            ),
            Self::NoVersion { program, answer } => format!(
                "{program} nennt seine Version nicht: {answer}. Abhilfe: Nachsehen, ob es von Hand startet."
            ),
            Self::SecretsLost { path } => format!(
                "Die Passwörter in {} fehlen oder sind unlesbar, doch die Datenbank ist mit ihnen angelegt. Abhilfe: Diese \
                 Datei von dort zurückholen, woher der Ordner kam.",
                path.display()
            ),
            Self::Random(error) => {
                format!("Das System gab keine Zufallszahlen für ein Passwort her: {error}.")
            }
            Self::Preparing { step, output } => format!(
                "Die Datenbank ließ sich nicht vorbereiten ({step}): {output}. Abhilfe: Nachlesen, was es sagt; einen \
                 Datenordner, auf dem noch nie etwas lief, kann man löschen und neu machen lassen."
            ),
            Self::Spawn {
                service,
                program,
                source,
            } => format!(
                "{service} ließ sich mit {} nicht starten: {}. Abhilfe: Nachsehen, ob der Benutzer, der es ausführt, \
                 dieses Programm lesen und ausführen darf.",
                program.display(),
                source.in_german()
            ),
            Self::Ended {
                service,
                how,
                said,
                folder,
            } => format!(
                "{service} endete beim Starten ({how}). Es sagte: {said}. Abhilfe: Beheben, was es nennt; seine Daten liegen \
                 in {}.",
                folder.display()
            ),
            Self::TooSlow { service, minutes } => format!(
                "{service} war nach {minutes} Minuten nicht bereit. Abhilfe: Im Log nachsehen, woran es arbeitet, und mit mehr \
                 Geduld oder schnellerem Datenträger wieder starten."
            ),
            Self::WontEnd { service, pids } => format!(
                "{service} von einem früheren Lauf hält noch den Datenordner und endet nicht ({pids}). Abhilfe: Von Hand \
                 beenden und wieder starten."
            ),
            Self::Interrupted { service } => {
                format!("Angehalten, während {service} startete.")
            }
        }
    }
}

fn process(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (Prozess {pid})"))
        .unwrap_or_default()
}

impl Said for ListenError {
    fn in_german(&self) -> String {
        match self {
            Self::Taken { address, .. } => format!(
                "{address} ist schon von einem anderen Programm belegt. Abhilfe: Jenes anhalten oder mit --listen ADRESSE eine \
                 andere nehmen."
            ),
            Self::Forbidden { address, .. } => format!(
                "Dieser Benutzer darf auf {address} nicht lauschen. Abhilfe: Einen Port ab 1024 nehmen, zum Beispiel --listen \
                 {}:8080, und einen Proxy den niedrigen übernehmen lassen.",
                address.ip()
            ),
            Self::NotOurs { address } => format!(
                "Dieser Rechner hat keine Adresse {}. Abhilfe: Eine seiner eigenen nehmen, oder 0.0.0.0 für alle.",
                address.ip()
            ),
            Self::Other { address, source } => {
                format!(
                    "Auf {address} zu lauschen ging nicht: {}",
                    source.in_german()
                )
            }
        }
    }
}

impl Said for TlsError {
    fn in_german(&self) -> String {
        const ANEW: &str =
            "dann entsteht eine neue, der jedes Gerät von Neuem vertrauen lernen muss";
        match self {
            Self::Folder { folder, source } => format!(
                "Die Zertifizierungsstelle in {} ist nicht zu benutzen: {}. Abhilfe: Dafür sorgen, dass dieser Benutzer \
                 dort lesen und schreiben darf.",
                folder.display(),
                source.in_german()
            ),
            Self::Link { folder } => format!(
                "Wo die Zertifizierungsstelle liegen soll, ist {} ein Verweis auf etwas anderes oder kein Ordner. Abhilfe: Es \
                 entfernen; {ANEW}.",
                folder.display()
            ),
            Self::Damaged { folder, .. } => format!(
                "Die Zertifizierungsstelle in {} ist beschädigt. Abhilfe: Den Ordner aus einer Sicherung zurückholen oder \
                 löschen; {ANEW}.",
                folder.display()
            ),
            Self::OutOfScope { folder, name } => format!(
                "Die Zertifizierungsstelle in {} darf für {name} nicht bürgen. Abhilfe: Diesen Namen weglassen oder den Ordner \
                 löschen; {ANEW}.",
                folder.display()
            ),
            Self::NoName { name } => format!(
                "{name} ist weder ein Rechnername noch eine Adresse. Abhilfe: So nennen, wie man es eintippt, zum Beispiel \
                 weben.local."
            ),
            Self::Making(error) => format!("Ein Zertifikat ließ sich nicht machen: {error}"),
            Self::Library(error) => format!("TLS lässt sich nicht einrichten: {error}"),
        }
    }
}

impl Said for MailerError {
    fn in_german(&self) -> String {
        match self {
            Self::Address(error) => format!(
                "WELTGEWEBE_SMTP ist keine SMTP-Adresse: {error}. Abhilfe: zum Beispiel smtps://user:passwort@mail.example.org."
            ),
            Self::From(error) => format!(
                "WELTGEWEBE_MAIL_FROM ist keine Mailadresse: {error}. Abhilfe: zum Beispiel `Weltgewebe <weben@example.org>`."
            ),
            Self::PublicUrl => "WELTGEWEBE_URL fehlt. Abhilfe: Die Adresse, unter der Menschen diesen Server erreichen, für die \
                 Links in Mails, zum Beispiel https://weben.example.org."
                .to_owned(),
        }
    }
}
