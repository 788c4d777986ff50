//! The passwords of the own services, made once and kept in the data folder. The sockets are private anyway; the
//! passwords hold where a socket is handed on, and for tools that ask for one.

use std::fs;
use std::io;
use std::path::Path;

use super::error::EmbeddedError;
use super::folder::DataFolder;

const FILE: &str = "secrets";

/// One password for each who signs in.
#[derive(Clone)]
pub(super) struct Secrets {
    /// PostgreSQL's superuser `postgres`, for setting up only.
    pub(super) superuser: String,
    /// The database's owner `weltgewebe`, as whom the server works.
    pub(super) database: String,
    pub(super) redis: String,
}

impl Secrets {
    /// Those of a folder that somebody holds already.
    pub(super) fn load(data: &Path) -> Result<Self, EmbeddedError> {
        let path = data.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).ok_or(EmbeddedError::SecretsLost { path }),
            Err(source) => Err(EmbeddedError::Folder {
                path: data.to_path_buf(),
                doing: "reading its secrets",
                source,
            }),
        }
    }

    pub(super) fn load_or_make(folder: &DataFolder) -> Result<Self, EmbeddedError> {
        let path = folder.path.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).ok_or(EmbeddedError::SecretsLost { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if folder.path.join("postgres/PG_VERSION").exists() {
                    return Err(EmbeddedError::SecretsLost { path });
                }
                let made = Self {
                    superuser: random_password()?,
                    database: random_password()?,
                    redis: random_password()?,
                };
                folder.write_private(FILE, &made.text())?;
                Ok(made)
            }
            Err(source) => Err(folder.failed("reading its secrets")(source)),
        }
    }

    fn text(&self) -> String {
        format!(
            "superuser = {}\ndatabase = {}\nredis = {}\n",
            self.superuser, self.database, self.redis
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let value = |wanted: &str| {
            text.lines()
                .filter_map(|line| line.split_once('='))
                .find(|(name, _)| name.trim() == wanted)
                .map(|(_, value)| value.trim().to_owned())
                // They are put into files and scripts as they are.
                .filter(|value| {
                    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric())
                })
        };
        Some(Self {
            superuser: value("superuser")?,
            database: value("database")?,
            redis: value("redis")?,
        })
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

/// 128 bits as hexadecimal digits, which need no quoting anywhere.
fn random_password() -> Result<String, EmbeddedError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(EmbeddedError::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let made = Secrets {
            superuser: random_password().expect("the system has randomness"),
            database: "b2".into(),
            redis: "c3".into(),
        };
        let read = Secrets::parse(&made.text()).expect("it was just written");
        assert_eq!(read.superuser, made.superuser);
        assert_eq!((read.database.as_str(), read.redis.as_str()), ("b2", "c3"));
        assert_eq!(made.superuser.len(), 32);
    }

    #[test]
    fn a_torn_file_is_not_half_read() {
        assert!(Secrets::parse("superuser = a\ndatabase =").is_none());
    }
}
