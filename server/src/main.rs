//! `weltgewebe`: reads the command line, runs one verb, and says in words what went wrong.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use server::cli::{Arguments, BasemapVerb, Verb};
use server::signals::Shutdown;
use server::terminal::Said;
use server::{
    basemap, community, demo, doctor, grant, import, log, migrate, rebuild, serve, terminal,
};

/// How long what was asked to stop at once may take before the process ends without it.
const HARD_STOP_PATIENCE: Duration = Duration::from_secs(5);

/// What the process answers when a second signal ended it: 128 + SIGINT, as shells write it.
const STOPPED_HARD: u8 = 130;

fn main() -> ExitCode {
    let arguments = Arguments::read();
    log::init(arguments.verb.common().log);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return tell(&error),
    };
    let code = runtime.block_on(run(arguments.verb));
    // A request that hangs in a blocking call must not keep the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    code
}

async fn run(verb: Verb) -> ExitCode {
    let shutdown = match Shutdown::listen() {
        Ok(shutdown) => shutdown,
        Err(error) => return tell(&error),
    };
    let verb = async {
        match verb {
            Verb::Serve(options) => end(serve::serve(options, shutdown.clone()).await),
            Verb::Demo(options) => end(demo::demo(options, shutdown.clone()).await),
            Verb::Migrate(options) => end(migrate::migrate(options, shutdown.clone()).await),
            Verb::Import(options) => end(import::import(options, shutdown.clone()).await),
            Verb::Grant(options) => end(grant::grant(options, shutdown.clone()).await),
            Verb::Community(options) => end(community::describe(options, shutdown.clone()).await),
            Verb::Rebuild(options) => end(rebuild::rebuild(options, shutdown.clone()).await),
            Verb::Doctor(options) => doctor::doctor(&options).await,
            Verb::Basemap(BasemapVerb::Check(options)) => basemap::check(&options),
        }
    };
    tokio::select! {
        code = verb => code,
        () = shutdown.hard() => {
            let _ = tokio::time::timeout(HARD_STOP_PATIENCE, shutdown.released()).await;
            ExitCode::from(STOPPED_HARD)
        }
    }
}

/// How a verb ended, in the language of the terminal.
fn end<E: Error + Said>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if terminal::is_german() => {
            log::fatal_words(&error.in_german());
            ExitCode::FAILURE
        }
        Err(error) => tell(&error),
    }
}

fn tell(error: &dyn Error) -> ExitCode {
    log::fatal(error);
    ExitCode::FAILURE
}
