//! `weltgewebe basemap check`: looks whether a file can lie under the weave, and what of the picture it lacks.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use store::basemap::{self, About, Basemap, BasemapError, Fit, Lack};

use crate::cli::BasemapCheckOptions;
use crate::log;
use crate::terminal::said;

/// Looks at the file, prints what it is and lacks, and fails when `serve` would.
#[must_use]
pub fn check(options: &BasemapCheckOptions) -> ExitCode {
    let (about, fit) = match basemap::check(&options.file) {
        Ok(found) => found,
        Err(error) => {
            log::fatal_words(&said(&error));
            return ExitCode::FAILURE;
        }
    };
    let mut lines = vec![describe(&options.file, &about)];
    lines.extend(fit.lacks.iter().map(|lack| format!("lacks    {lack}.")));
    lines.push(end(&fit));
    let mut stdout = std::io::stdout().lock();
    for line in &lines {
        let _ = writeln!(stdout, "{line}");
    }
    ExitCode::SUCCESS
}

/// Opens the base map that is to be served, and says what of the picture it lacks.
///
/// # Errors
/// [`BasemapError`] says in words why it cannot be served.
pub fn open(path: &Path) -> Result<Basemap, BasemapError> {
    let (about, fit) = basemap::check(path)?;
    tracing::info!("{}", describe(path, &about));
    // That the usual credit is shown is right for most files; `basemap check` tells it.
    for lack in fit.lacks.iter().filter(|lack| **lack != Lack::Attribution) {
        tracing::warn!("the base map {}: {lack}.", path.display());
    }
    Basemap::open(path)
}

fn describe(path: &Path, about: &About) -> String {
    let mut text = format!(
        "The base map {} ({}) has zoom {} to {} and {} layers",
        path.display(),
        about.format,
        about.zoom_min,
        about.zoom_max,
        about.layers.len()
    );
    if let Some([west, south, east, north]) = about.bounds {
        text.push_str(&format!(
            ", and lies within {south:.4}…{north:.4} N, {west:.4}…{east:.4} E"
        ));
    }
    text.push('.');
    text
}

fn end(fit: &Fit) -> String {
    match fit.lacks.len() {
        0 => "It fits, and nothing is missing.".to_owned(),
        1 => "It fits; one thing is missing.".to_owned(),
        more => format!("It fits; {more} things are missing."),
    }
}
