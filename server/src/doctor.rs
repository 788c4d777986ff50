//! `weltgewebe doctor`: looks whether this machine has all that `serve` takes, and says how to mend what is missing.
//! It changes nothing.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nix::sys::resource::{Resource, getrlimit};
use nix::sys::statvfs::statvfs;

use crate::cli::DoctorOptions;
use crate::embedded::{self, EmbeddedError, Inspection, Plan, PostgresPrograms, RedisProgram};
use crate::listen;
use crate::terminal::{Said, either, said};

/// Below this the first weeks of a community have no room.
const FREE_BYTES_WANTED: u64 = 1 << 30;

/// Each browser holds one; below this a busy evening ends in refusals.
const FILES_WANTED: u64 = 4096;

/// What is as it should be.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each variant's sentence is its documentation; the fields are the values in it"
)]
pub enum Good {
    #[error(
        "PostgreSQL: DATABASE_URL names one; it is looked at when `serve` or `migrate` starts."
    )]
    PostgresGiven,
    #[error("PostgreSQL {version} with PostGIS {postgis} in {}.", folder.display())]
    Postgres {
        version: String,
        postgis: String,
        folder: PathBuf,
    },
    #[error("Redis: REDIS_URL names one.")]
    RedisGiven,
    #[error("Redis {version} as {}.", path.display())]
    Redis { version: String, path: PathBuf },
    #[error("The data folder {} does not exist yet; `serve` makes it.", data.display())]
    FolderToMake { data: PathBuf },
    #[error("The data folder is {}.", data.display())]
    Folder { data: PathBuf },
    #[error("Its path is too long for sockets or has a comma; they will be in {}.", folder.display())]
    SocketsElsewhere { folder: PathBuf },
    #[error("{gib} GiB are free there.")]
    Space { gib: u64 },
    #[error("PostgreSQL and Redis will run as {accounts}.")]
    Accounts { accounts: String },
    #[error("The base map {} fits.", path.display())]
    Basemap { path: PathBuf },
    #[error("{address} is free to listen on.")]
    Address { address: SocketAddr },
    #[error("{most} open files are allowed ({now} to begin with).")]
    Files { now: u64, most: u64 },
}

/// What `serve` lacks, where nothing else has words for it.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each variant's sentence is its documentation; the fields are the values in it"
)]
pub enum Lack {
    #[error("The data folder {} cannot be read: {source}. Fix: choose another with --data DIR.", data.display())]
    Unreadable {
        data: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "Only {mib} MiB are free in {}. Fix: make room, or choose a folder on another disk with --data DIR.",
        there.display()
    )]
    Space { mib: u64, there: PathBuf },
    #[error(
        "Only {most} open files are allowed, and every browser takes one. Fix: ulimit -Hn {wanted}, or LimitNOFILE in the \
         service's unit."
    )]
    Files { most: u64, wanted: u64 },
}

/// Looks at everything, prints one line for each thing, and fails when `serve` would.
pub async fn doctor(options: &DoctorOptions) -> ExitCode {
    let mut report = Report::default();
    match options.common.data_folder() {
        Ok(data) => {
            let plan = Plan::from_environment(data);
            look_at_postgres(&plan, &mut report);
            look_at_redis(&plan, &mut report);
            if plan.database.is_none() || plan.redis.is_none() {
                look_at_folder(&plan.data, &mut report);
                look_at_account(&plan.data, &mut report);
            }
        }
        Err(error) => report.missing(&error),
    }
    if let Some(path) = options.basemap.path() {
        match store::basemap::check(path) {
            Ok(_) => report.good(&Good::Basemap { path: path.into() }),
            Err(error) => report.missing(&error),
        }
    }
    match listen::bind(options.listen) {
        Ok(_) => report.good(&Good::Address {
            address: options.listen,
        }),
        Err(error) => report.missing(&error),
    }
    look_at_files(&mut report);
    report.end()
}

fn look_at_postgres(plan: &Plan, report: &mut Report) {
    if plan.database.is_some() {
        report.good(&Good::PostgresGiven);
        return;
    }
    match PostgresPrograms::find(&plan.data) {
        Ok(programs) => report.good(&Good::Postgres {
            version: programs.version.to_string(),
            postgis: programs.postgis.unwrap_or_else(|| "?".to_owned()),
            folder: programs.folder,
        }),
        Err(error) => report.missing(&error),
    }
}

fn look_at_redis(plan: &Plan, report: &mut Report) {
    if plan.redis.is_some() {
        report.good(&Good::RedisGiven);
        return;
    }
    match RedisProgram::find() {
        Ok(program) => report.good(&Good::Redis {
            version: program.version.to_string(),
            path: program.path,
        }),
        Err(error) => report.missing(&error),
    }
}

fn look_at_folder(data: &Path, report: &mut Report) {
    let data = data.to_path_buf();
    match embedded::inspect(&data) {
        Ok(Inspection::Missing) => report.good(&Good::FolderToMake { data: data.clone() }),
        Ok(Inspection::Free) => report.good(&Good::Folder { data: data.clone() }),
        Ok(Inspection::InUse(pid)) => report.missing(&EmbeddedError::InUse {
            path: data.clone(),
            pid,
        }),
        Ok(Inspection::AnotherUsers(owner)) => report.missing(&EmbeddedError::AnotherUsers {
            path: data.clone(),
            owner,
        }),
        Err(source) => report.missing(&Lack::Unreadable {
            data: data.clone(),
            source,
        }),
    }
    let sockets = embedded::sockets_of(&data);
    if !sockets.starts_with(&data) {
        report.good(&Good::SocketsElsewhere { folder: sockets });
    }
    let Some(there) = data.ancestors().find(|ancestor| ancestor.exists()) else {
        return;
    };
    if let Ok(disk) = statvfs(there) {
        let free = disk.blocks_available() * disk.fragment_size();
        if free >= FREE_BYTES_WANTED {
            report.good(&Good::Space { gib: free >> 30 });
        } else {
            report.missing(&Lack::Space {
                mib: free >> 20,
                there: there.to_path_buf(),
            });
        }
    }
}

fn look_at_account(data: &Path, report: &mut Report) {
    match embedded::runs_as(data) {
        Ok(accounts) => report.good(&Good::Accounts { accounts }),
        Err(error) => report.missing(&error),
    }
}

fn look_at_files(report: &mut Report) {
    let Ok((now, most)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return;
    };
    if most >= FILES_WANTED {
        report.good(&Good::Files { now, most });
    } else {
        report.missing(&Lack::Files {
            most,
            wanted: FILES_WANTED,
        });
    }
}

#[derive(Debug, Default)]
struct Report {
    lines: Vec<String>,
    missing: usize,
}

impl Report {
    fn good(&mut self, what: &dyn Said) {
        self.line(either("ok", "gut"), what);
    }

    fn missing(&mut self, what: &dyn Said) {
        self.line(either("missing", "fehlt"), what);
        self.missing += 1;
    }

    fn line(&mut self, word: &str, what: &dyn Said) {
        self.lines.push(format!("{word:<9}{}", said(what)));
    }

    fn end(mut self) -> ExitCode {
        self.lines.push(match self.missing {
            0 => either(
                "All is there: weltgewebe serve",
                "Alles ist da: weltgewebe serve",
            )
            .to_owned(),
            1 => either("One thing is missing.", "Eines fehlt.").to_owned(),
            more => format!("{more} {}", either("things are missing.", "Dinge fehlen.")),
        });
        let mut stdout = std::io::stdout().lock();
        for line in &self.lines {
            let _ = writeln!(stdout, "{line}");
        }
        if self.missing == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
