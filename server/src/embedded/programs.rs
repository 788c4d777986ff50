//! Finding the installed programs of PostgreSQL and Redis, and whether they are new enough.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::EmbeddedError;

/// The oldest PostgreSQL that serves.
pub(super) const POSTGRES_MAJOR_MIN: u32 = 15;

/// The oldest Redis that serves.
const REDIS_MAJOR_MIN: u32 = 6;

/// The variable that names the folder of PostgreSQL's programs, where they lie in no usual place.
const POSTGRES_BIN: &str = "WELTGEWEBE_POSTGRES_BIN";

/// An installed PostgreSQL with PostGIS.
#[derive(Debug, Clone)]
pub struct PostgresPrograms {
    /// The folder of `postgres`, `initdb` and `psql`.
    pub folder: PathBuf,
    /// As `postgres --version` tells it, for example `15.14`.
    pub version: String,
    /// The number before the point.
    pub major: u32,
    /// The version of PostGIS that belongs to it; none where its files are not found.
    pub postgis: Option<String>,
}

/// An installed Redis.
#[derive(Debug, Clone)]
pub struct RedisProgram {
    /// `redis-server`.
    pub path: PathBuf,
    /// For example `7.0.15`.
    pub version: String,
}

impl PostgresPrograms {
    /// The newest PostgreSQL with PostGIS, or, for a data folder made by a certain major version, that one.
    ///
    /// # Errors
    /// [`EmbeddedError`] names what has to be installed.
    pub fn find(data: &Path) -> Result<Self, EmbeddedError> {
        let mut found: Vec<Self> = candidates()?
            .into_iter()
            .filter(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
            .map(Self::in_folder)
            .collect::<Result<_, _>>()?;
        // The newest with PostGIS first; then the newest at all, so that the error names the right package.
        found.sort_by_key(|programs| {
            std::cmp::Reverse((programs.postgis.is_some(), programs.major))
        });
        if let Some(needed) = major_of(&data.join("postgres")) {
            found.retain(|programs| programs.major == needed);
            if found.is_empty() {
                return Err(EmbeddedError::OtherVersion {
                    path: data.to_path_buf(),
                    needed,
                });
            }
        }
        let best = found.into_iter().next().ok_or(EmbeddedError::NotFound {
            program: "PostgreSQL",
            package: "postgresql postgresql-postgis",
        })?;
        if best.major < POSTGRES_MAJOR_MIN {
            return Err(EmbeddedError::TooOld {
                program: "PostgreSQL",
                found: best.version,
                wanted: POSTGRES_MAJOR_MIN,
                variable: "DATABASE_URL",
            });
        }
        if best.postgis.is_none() {
            return Err(EmbeddedError::NoPostgis { major: best.major });
        }
        Ok(best)
    }

    fn in_folder(folder: PathBuf) -> Result<Self, EmbeddedError> {
        let version = version_of(&folder.join("postgres"), "(PostgreSQL) ")?;
        let postgis = postgis_version(&folder);
        Ok(Self {
            major: major(&version),
            folder,
            version,
            postgis,
        })
    }
}

impl RedisProgram {
    /// The first `redis-server` on the path.
    ///
    /// # Errors
    /// [`EmbeddedError`] names what has to be installed.
    pub fn find() -> Result<Self, EmbeddedError> {
        let path = search_path()
            .into_iter()
            .map(|folder| folder.join("redis-server"))
            .find(|path| path.is_file())
            .ok_or(EmbeddedError::NotFound {
                program: "Redis",
                package: "redis-server",
            })?;
        let version = version_of(&path, "v=")?;
        if major(&version) < REDIS_MAJOR_MIN {
            return Err(EmbeddedError::TooOld {
                program: "Redis",
                found: version,
                wanted: REDIS_MAJOR_MIN,
                variable: "REDIS_URL",
            });
        }
        Ok(Self { path, version })
    }
}

/// Which major version made a database folder; none when there is none.
pub(super) fn major_of(database_folder: &Path) -> Option<u32> {
    let text = std::fs::read_to_string(database_folder.join("PG_VERSION")).ok()?;
    text.trim().parse().ok()
}

/// The folder that was named, and no other; else Debian's places (one for each version, off the path), then the path.
fn candidates() -> Result<Vec<PathBuf>, EmbeddedError> {
    if let Some(named) = env::var_os(POSTGRES_BIN).filter(|named| !named.is_empty()) {
        let path = PathBuf::from(named);
        if path.join("postgres").is_file() {
            return Ok(vec![path]);
        }
        return Err(EmbeddedError::NotInFolder {
            program: "PostgreSQL",
            path,
            variable: POSTGRES_BIN,
        });
    }
    let mut folders: Vec<PathBuf> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("bin"))
        .collect();
    folders.extend(search_path());
    Ok(folders)
}

fn search_path() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    // Services are often started with a short path.
    folders.extend(["/usr/local/bin", "/usr/bin", "/usr/sbin"].map(PathBuf::from));
    folders
}

/// The word after `mark` in what the program says of its version.
fn version_of(program: &Path, mark: &str) -> Result<String, EmbeddedError> {
    let no_version = |answer: String| EmbeddedError::NoVersion {
        program: program.display().to_string(),
        answer,
    };
    let output = Command::new(program)
        .arg("--version")
        .current_dir("/")
        .output()
        .map_err(|error| no_version(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_once(mark)
        .and_then(|(_, rest)| rest.split_whitespace().next())
        .map(str::to_owned)
        .ok_or_else(|| no_version(text.trim().to_owned()))
}

/// From the control file of the extension, without starting anything.
fn postgis_version(programs: &Path) -> Option<String> {
    let installed = major(programs.parent()?.file_name()?.to_str()?);
    let control = [
        PathBuf::from(format!(
            "/usr/share/postgresql/{installed}/extension/postgis.control"
        )),
        programs.join("../share/extension/postgis.control"),
        programs.join("../share/postgresql/extension/postgis.control"),
    ]
    .into_iter()
    .find_map(|path| std::fs::read_to_string(path).ok())
    .or_else(|| {
        let output = Command::new(programs.join("pg_config"))
            .arg("--sharedir")
            .output()
            .ok()?;
        let folder = String::from_utf8(output.stdout).ok()?;
        std::fs::read_to_string(Path::new(folder.trim()).join("extension/postgis.control")).ok()
    })?;
    control
        .lines()
        .find_map(|line| line.trim().strip_prefix("default_version"))
        .map(|rest| rest.trim_matches([' ', '=', '\'', '\t']).to_owned())
}

fn major(version: &str) -> u32 {
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_all_forms() {
        assert_eq!(major("15.14"), 15);
        assert_eq!(major("17beta2"), 17);
        assert_eq!(major("devel"), 0);
    }

    #[test]
    fn a_data_folder_asks_for_the_version_that_made_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("postgres")).expect("it is empty");
        std::fs::write(folder.path().join("postgres/PG_VERSION"), "9\n").expect("it is writable");
        let error = PostgresPrograms::find(folder.path()).expect_err("9 is not installed");
        assert!(error.to_string().contains("postgresql-9"), "{error}");
    }
}
