//! `weltgewebe doctor`: looks whether this machine has all that `serve` takes, and says how to mend what is missing.
//! It changes nothing.

use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use nix::sys::resource::{Resource, getrlimit};
use nix::sys::statvfs::statvfs;

use crate::cli::DoctorOptions;
use crate::embedded::{self, Inspection, Plan, PostgresPrograms, RedisProgram};
use crate::listen;

/// Below this the first weeks of a community have no room.
const FREE_BYTES_WANTED: u64 = 1 << 30;

/// Each browser holds one; below this a busy evening ends in refusals.
const FILES_WANTED: u64 = 4096;

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
            Ok(_) => report.good(format!("The base map {} fits.", path.display())),
            Err(error) => report.missing(&error),
        }
    }
    match listen::bind(options.listen) {
        Ok(_) => report.good(format!("{} is free to listen on.", options.listen)),
        Err(error) => report.missing(&error),
    }
    look_at_files(&mut report);
    report.end()
}

fn look_at_postgres(plan: &Plan, report: &mut Report) {
    if plan.database.is_some() {
        report.good(
            "PostgreSQL: DATABASE_URL names one; it is looked at when `serve` or `migrate` starts.",
        );
        return;
    }
    match PostgresPrograms::find(&plan.data) {
        Ok(programs) => report.good(format!(
            "PostgreSQL {} with PostGIS {} in {}.",
            programs.version,
            programs.postgis.as_deref().unwrap_or("unknown"),
            programs.folder.display()
        )),
        Err(error) => report.missing(&error),
    }
}

fn look_at_redis(plan: &Plan, report: &mut Report) {
    if plan.redis.is_some() {
        report.good("Redis: REDIS_URL names one.");
        return;
    }
    match RedisProgram::find() {
        Ok(program) => report.good(format!(
            "Redis {} as {}.",
            program.version,
            program.path.display()
        )),
        Err(error) => report.missing(&error),
    }
}

fn look_at_folder(data: &Path, report: &mut Report) {
    let shown = data.display();
    match embedded::inspect(data) {
        Ok(Inspection::Missing) => report.good(format!("The data folder {shown} does not exist yet; `serve` makes it.")),
        Ok(Inspection::Free) => report.good(format!("The data folder is {shown}.")),
        Ok(Inspection::InUse(pid)) => {
            let process = pid.map(|pid| format!(" as process {pid}")).unwrap_or_default();
            report.missing(&format!(
                "A weltgewebe already runs on the data folder {shown}{process}. Fix: stop it before starting another \
                 on that folder."
            ));
        }
        Ok(Inspection::AnotherUsers(owner)) => report.missing(&format!(
            "The data folder {shown} belongs to the user {owner}. Fix: start as that user, or choose another with \
             --data DIR."
        )),
        Err(error) => report.missing(&format!(
            "The data folder {shown} cannot be read: {error}. Fix: choose another with --data DIR."
        )),
    }
    let sockets = embedded::sockets_of(data);
    if !sockets.starts_with(data) {
        report.good(format!(
            "Its path is too long for sockets; they will be in {}.",
            sockets.display()
        ));
    }
    let Some(there) = data.ancestors().find(|ancestor| ancestor.exists()) else {
        return;
    };
    if let Ok(disk) = statvfs(there) {
        let free = disk.blocks_available() * disk.fragment_size();
        let free_gib = free >> 30;
        if free >= FREE_BYTES_WANTED {
            report.good(format!("{free_gib} GiB are free there."));
        } else {
            report.missing(&format!(
                "Only {} MiB are free in {}. Fix: make room, or choose a folder on another disk with --data DIR.",
                free >> 20,
                there.display()
            ));
        }
    }
}

fn look_at_account(data: &Path, report: &mut Report) {
    match embedded::runs_as(data) {
        Ok(accounts) => report.good(format!("PostgreSQL and Redis will run as {accounts}.")),
        Err(error) => report.missing(&error),
    }
}

fn look_at_files(report: &mut Report) {
    let Ok((now, most)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return;
    };
    if most >= FILES_WANTED {
        report.good(format!(
            "{most} open files are allowed ({now} to begin with)."
        ));
    } else {
        report.missing(&format!(
            "Only {most} open files are allowed, and every browser takes one. Fix: ulimit -Hn {FILES_WANTED}, or \
             LimitNOFILE in the service's unit."
        ));
    }
}

#[derive(Debug, Default)]
struct Report {
    lines: Vec<String>,
    missing: usize,
}

impl Report {
    fn good(&mut self, text: impl Display) {
        self.lines.push(format!("ok       {text}"));
    }

    fn missing(&mut self, text: &dyn Display) {
        self.lines.push(format!("missing  {text}"));
        self.missing += 1;
    }

    fn end(mut self) -> ExitCode {
        self.lines.push(match self.missing {
            0 => "All is there: weltgewebe serve".to_owned(),
            1 => "One thing is missing.".to_owned(),
            more => format!("{more} things are missing."),
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
