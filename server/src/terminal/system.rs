//! Errors of the operating system, in German.

use std::io::{self, ErrorKind};

use super::Said;

impl Said for io::Error {
    fn in_german(&self) -> String {
        let words = match self.kind() {
            ErrorKind::NotFound => "das gibt es nicht",
            ErrorKind::PermissionDenied => "keine Berechtigung",
            ErrorKind::AlreadyExists => "das gibt es schon",
            ErrorKind::NotADirectory => "ein Teil des Pfads ist kein Ordner",
            ErrorKind::IsADirectory => "es ist ein Ordner",
            ErrorKind::DirectoryNotEmpty => "der Ordner ist nicht leer",
            ErrorKind::ReadOnlyFilesystem => "der Datenträger lässt sich nur lesen",
            ErrorKind::StorageFull => "der Datenträger ist voll",
            ErrorKind::QuotaExceeded => "das Kontingent auf dem Datenträger ist erschöpft",
            ErrorKind::InvalidFilename => "ein Name oder der Pfad ist zu lang",
            ErrorKind::FileTooLarge => "die Datei ist zu groß",
            ErrorKind::ExecutableFileBusy => "das Programm wird gerade geschrieben",
            ErrorKind::OutOfMemory => "der Speicher reicht nicht",
            ErrorKind::UnexpectedEof => "es hört zu früh auf",
            ErrorKind::BrokenPipe => "niemand liest mehr",
            // Whatever has no words of ours keeps its own.
            _ => return self.to_string(),
        };
        match self.raw_os_error() {
            Some(code) => format!("{words} (Fehler {code} des Systems)"),
            None => words.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_said_in_german_and_the_rest_as_it_is() {
        let said = |code| io::Error::from_raw_os_error(code).in_german();
        assert_eq!(said(13), "keine Berechtigung (Fehler 13 des Systems)");
        assert_eq!(said(2), "das gibt es nicht (Fehler 2 des Systems)");
        let other = io::Error::other("what a library says");
        assert_eq!(other.in_german(), other.to_string());
        assert_eq!(
            io::Error::from(ErrorKind::IsADirectory).in_german(),
            "es ist ein Ordner"
        );
    }
}
