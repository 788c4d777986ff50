//! The command line: `weltgewebe serve | demo | migrate | import | grant | community | rebuild | doctor | basemap check`.

use std::env;
use std::ffi::OsStr;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::{Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use domain::link::Camera;
use domain::place::Place;
use ipnet::IpNet;
use nix::unistd::Uid;

use crate::log::Form;

const ENVIRONMENT: &str = "\
Environment:
  DATABASE_URL    a PostgreSQL to use instead of the embedded one (15 or newer, with PostGIS 3.3 or newer)
  REDIS_URL       a Redis to use instead of the embedded one
  BASEMAP         the base map that lies under the weave: an .mbtiles or .pmtiles file (as --basemap)
  WELTGEWEBE_LOG  what to log, for example `info` (default) or `server=debug,warn`

With neither DATABASE_URL nor REDIS_URL, a private PostgreSQL and a private Redis are started from the installed
programs and keep all they hold in the data folder. docs/operating.md tells the rest.";

/// Everything `weltgewebe` understands on its command line.
#[derive(Debug, Parser)]
#[command(
    name = "weltgewebe",
    version,
    about = "Weltgewebe: a living map of what people near each other weave together.",
    after_help = ENVIRONMENT,
    max_term_width = 110
)]
pub struct Arguments {
    /// What is to be done.
    #[command(subcommand)]
    pub verb: Verb,
}

impl Arguments {
    /// What this process was started with. An empty variable is none, as environment files switch a line off.
    #[must_use]
    pub fn read() -> Self {
        let is_empty = |name: &OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
        let matches = without_variables(Self::command(), &is_empty).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// The same command line, on which the variables named do not count.
fn without_variables(command: Command, named: &impl Fn(&OsStr) -> bool) -> Command {
    command
        .mut_args(|argument| {
            if argument.get_env().is_some_and(named) {
                argument.env(Resettable::Reset)
            } else {
                argument
            }
        })
        .mut_subcommands(|verb| without_variables(verb, named))
}

/// The verbs of the binary.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Start what is needed and serve the site until Ctrl-C or SIGTERM
    #[command(after_help = ENVIRONMENT)]
    Serve(ServeOptions),
    /// Look around in an invented neighbourhood, in a data folder of its own, until Ctrl-C or SIGTERM
    #[command(after_help = ENVIRONMENT)]
    Demo(DemoOptions),
    /// Bring the database up to this version and stop (`serve` does it by itself)
    #[command(after_help = ENVIRONMENT)]
    Migrate(MigrateOptions),
    /// Bring places from a GeoJSON file into the weave; again, only what changed since
    #[command(after_help = ENVIRONMENT)]
    Import(ImportOptions),
    /// Name weavers and admins, or say how many vouches make a weaver; while the product runs or while it does not
    #[command(after_help = ENVIRONMENT)]
    Grant(GrantOptions),
    /// Say what the community is called, where it is and how far it reaches; while the product runs or while it does not
    #[command(after_help = ENVIRONMENT)]
    Community(CommunityOptions),
    /// Make what rooms and pages read anew from the log, while the product runs or while it does not
    #[command(after_help = ENVIRONMENT)]
    Rebuild(RebuildOptions),
    /// Look whether this machine has all it takes, and say how to mend what is missing
    #[command(after_help = ENVIRONMENT)]
    Doctor(DoctorOptions),
    /// The base map that lies under the weave
    #[command(subcommand)]
    Basemap(BasemapVerb),
}

/// What can be done with a base map.
#[derive(Debug, Subcommand)]
pub enum BasemapVerb {
    /// Look whether a file fits, and say what of the picture is missing
    Check(BasemapCheckOptions),
}

/// What every verb takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The data folder: all that is kept lives in it [default: weltgewebe in the user's data folder,
    /// /var/lib/weltgewebe for root]
    #[arg(long, value_name = "DIR", env = "WELTGEWEBE_DATA")]
    data: Option<PathBuf>,

    /// How to log: words for people, or one JSON object a line
    #[arg(
        long,
        value_name = "FORM",
        value_enum,
        default_value_t,
        env = "WELTGEWEBE_LOG_FORM"
    )]
    pub log: Form,
}

/// What `serve` takes.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,

    /// Where to listen. Beyond 127.0.0.1 browsers want TLS for offline use: --tls, or a proxy with a certificate before it
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        value_parser = address,
        env = "WELTGEWEBE_LISTEN"
    )]
    pub listen: SocketAddr,

    /// Where the map begins, the community's centre, as in the page's address: @48.4102,15.6103,15 (latitude, longitude,
    /// zoom) [default: around the newest knot, else what the base map is of]
    #[arg(long, value_name = "@LAT,LON,ZOOM", env = "WELTGEWEBE_CENTRE")]
    pub centre: Option<Camera>,

    /// Who runs this and how to reach them, for the page /ueber, for example "Nachbarschaft Süd, weben@example.org"
    #[arg(long, value_name = "WORDS", env = "WELTGEWEBE_HOST")]
    pub host: Option<String>,

    /// Addresses or networks of proxies whose X-Forwarded-For and -Proto are believed; this machine's own always are
    #[arg(long, value_name = "NET", value_delimiter = ',', value_parser = network, env = "WELTGEWEBE_PROXY")]
    pub proxy: Vec<IpNet>,

    /// Encrypt by a certificate authority of the community's own, for phones in the same network without a proxy: each
    /// device trusts it once, and the page /vertrauen says how
    #[arg(long, env = "WELTGEWEBE_TLS")]
    pub tls: bool,

    /// More names or addresses by which people reach this server (as --tls finds this machine's own by itself)
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        requires = "tls",
        env = "WELTGEWEBE_TLS_NAME"
    )]
    pub tls_name: Vec<String>,

    /// What the base map is read from.
    #[command(flatten)]
    pub basemap: BasemapFile,
}

/// What `demo` takes.
#[derive(Debug, Clone, Args)]
pub struct DemoOptions {
    /// As for `serve`; the data folder is `weltgewebe-demo` beside the default one unless it is named.
    #[command(flatten)]
    pub serve: ServeOptions,

    /// Remove the demo instead, with all that was woven in it
    #[arg(long)]
    pub remove: bool,
}

impl DemoOptions {
    /// The data folder that was named, or the demo's own beside the default one.
    ///
    /// # Errors
    /// [`NoDataFolder`] when none was named and the user has no home.
    pub fn data_folder(&self) -> Result<PathBuf, NoDataFolder> {
        let folder = self.serve.common.data_folder()?;
        if self.serve.common.data.is_some() {
            return Ok(folder);
        }
        Ok(folder.with_file_name("weltgewebe-demo"))
    }
}

/// Which file lies under the weave.
#[derive(Debug, Clone, Args)]
pub struct BasemapFile {
    /// The base map that lies under the weave: an .mbtiles or .pmtiles file in the OpenMapTiles schema; without it the
    /// ground is plain
    #[arg(long = "basemap", value_name = "FILE", env = "BASEMAP")]
    named: Option<PathBuf>,
}

impl BasemapFile {
    /// The file that was named.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.named.as_deref()
    }
}

/// What `basemap check` takes.
#[derive(Debug, Clone, Args)]
pub struct BasemapCheckOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,

    /// The .mbtiles or .pmtiles file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// What `migrate` takes.
#[derive(Debug, Clone, Args)]
pub struct MigrateOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,
}

/// What `import` takes.
#[derive(Debug, Clone, Args)]
pub struct ImportOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,

    /// A GeoJSON file: a FeatureCollection, or features one a line, or a sequence by RFC 8142
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Whose places these are: shown as who knotted them. By it a later import knows them again [default: the file's
    /// name without its ending]
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,

    /// The property that holds the id by which a place is known again [default: source_id, the feature's own id, @id, id or
    /// osm_id]
    #[arg(long, value_name = "PROPERTY")]
    pub id: Option<String>,

    /// Write every refused place and why to this file, as JSON, one a line
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// What `grant` takes.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("what").args(["weaver", "admin", "vouches_needed"]).required(true).multiple(true))]
pub struct GrantOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,

    /// Who belongs from now on: a role's name, exactly as its page shows it, or its id
    #[arg(long, value_name = "ROLE", requires = "reason")]
    pub weaver: Option<String>,

    /// Who grants rights from now on, by name or id
    #[arg(long, value_name = "ROLE", requires = "reason")]
    pub admin: Option<String>,

    /// Take the right instead
    #[arg(long, conflicts_with = "vouches_needed")]
    pub revoke: bool,

    /// Why, in a sentence; everyone can read it in the public log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// How many vouches of weavers make a guest one, from the next vouch on; 0: whoever registers is one at once
    #[arg(long, value_name = "N")]
    pub vouches_needed: Option<u32>,
}

/// What `community` takes.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("said").args(["name", "centre", "radius"]).required(true).multiple(true))]
pub struct CommunityOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,

    /// What it is called, in at most 60 characters; an empty name takes it away
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Its centre in degrees, where the map begins and the parlour stands, for example 48.4102,15.6103
    #[arg(long, value_name = "LAT,LON", value_parser = place, allow_hyphen_values = true)]
    pub centre: Option<Place>,

    /// How far it reaches around its centre, from 50 to 50000 metres
    #[arg(long, value_name = "METRES")]
    pub radius: Option<u32>,
}

/// What `rebuild` takes.
#[derive(Debug, Clone, Args)]
pub struct RebuildOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,
}

/// What `doctor` takes.
#[derive(Debug, Clone, Args)]
pub struct DoctorOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: Common,

    /// The address that `serve` will listen on
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        value_parser = address,
        env = "WELTGEWEBE_LISTEN"
    )]
    pub listen: SocketAddr,

    /// What the base map is read from.
    #[command(flatten)]
    pub basemap: BasemapFile,
}

/// The user has no home folder, so there is no default data folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "There is no data folder by default, because neither XDG_DATA_HOME nor HOME is set. Fix: name one with --data DIR."
)]
pub struct NoDataFolder;

impl Verb {
    /// What every verb takes.
    #[must_use]
    pub fn common(&self) -> &Common {
        match self {
            Self::Serve(options) => &options.common,
            Self::Demo(options) => &options.serve.common,
            Self::Migrate(options) => &options.common,
            Self::Import(options) => &options.common,
            Self::Grant(options) => &options.common,
            Self::Community(options) => &options.common,
            Self::Rebuild(options) => &options.common,
            Self::Doctor(options) => &options.common,
            Self::Basemap(BasemapVerb::Check(options)) => &options.common,
        }
    }
}

impl Common {
    /// The data folder that was named, or the default one.
    ///
    /// # Errors
    /// [`NoDataFolder`] when none was named and the user has no home.
    pub fn data_folder(&self) -> Result<PathBuf, NoDataFolder> {
        if let Some(data) = &self.data {
            return Ok(data.clone());
        }
        if Uid::effective().is_root() {
            return Ok(PathBuf::from("/var/lib/weltgewebe"));
        }
        default_of_a_user(&|name| env::var_os(name).map(PathBuf::from)).ok_or(NoDataFolder)
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "an address and a port are expected, for example 127.0.0.1:8080, or 0.0.0.0:8080 for all of this machine's".into()
    })
}

fn place(text: &str) -> Result<Place, String> {
    crate::http::community::place(text).ok_or_else(|| {
        "latitude and longitude in degrees are expected, for example 48.4102,15.6103".into()
    })
}

/// An address stands for the network of itself.
fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| {
            "an address or a network is expected, for example 10.0.0.1 or 10.0.0.0/8".into()
        })
}

/// The XDG base directory rule: relative paths in the variable are ignored.
fn default_of_a_user(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |name| variable(name).filter(|path: &PathBuf| path.is_absolute());
    let base = absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))?;
    Some(base.join("weltgewebe"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn an_empty_variable_is_none() {
        let empty = ["BASEMAP", "WELTGEWEBE_TLS", "WELTGEWEBE_LOG_FORM"];
        let command = without_variables(Arguments::command(), &|name| {
            empty.iter().any(|empty| name == *empty)
        });
        let serve = command.find_subcommand("serve").expect("it is a verb");
        let read = |name: &str| {
            let mut arguments = serve.get_arguments();
            arguments.any(|argument| argument.get_env().is_some_and(|env| env == name))
        };
        assert!(empty.iter().all(|name| !read(name)));
        assert!(read("WELTGEWEBE_LISTEN") && read("WELTGEWEBE_CENTRE"));
    }

    #[test]
    fn the_default_folder_follows_xdg() {
        let of = |xdg: Option<&str>, home: Option<&str>| {
            default_of_a_user(&|name| match name {
                "XDG_DATA_HOME" => xdg.map(PathBuf::from),
                _ => home.map(PathBuf::from),
            })
        };
        assert_eq!(
            of(Some("/data"), Some("/home/a")),
            Some("/data/weltgewebe".into())
        );
        assert_eq!(
            of(Some("relative"), Some("/home/a")),
            Some("/home/a/.local/share/weltgewebe".into())
        );
        assert_eq!(of(None, None), None);
    }

    #[test]
    fn a_centre_and_proxies_are_understood() {
        let serve = ["weltgewebe", "serve", "--data", "/d"];
        let asked = |more: &[&str]| Arguments::try_parse_from(serve.iter().chain(more));
        let given = ["--centre", "@48.4,15.6,15", "--proxy", "10.0.0.1,fd00::/8"];
        let Verb::Serve(options) = asked(&given).expect("it is understood").verb else {
            panic!("`serve` is the verb");
        };
        assert_eq!(options.centre.map(|centre| centre.zoom_centi), Some(1500));
        assert_eq!(options.proxy.len(), 2);
        assert!(asked(&["--centre", "Krems"]).is_err());
        assert!(asked(&["--proxy", "nobody"]).is_err());
    }

    #[test]
    fn a_community_says_something_of_itself() {
        let asked = |more: &[&str]| {
            let verb = ["weltgewebe", "community", "--data", "/d"];
            Arguments::try_parse_from(verb.iter().chain(more))
        };
        let Verb::Community(options) = asked(&["--centre", "-33.9,18.4", "--radius", "900"])
            .expect("it is understood")
            .verb
        else {
            panic!("`community` is the verb");
        };
        assert_eq!(options.centre, Place::from_degrees(-33.9, 18.4));
        assert_eq!((options.name, options.radius), (None, Some(900)));
        assert!(asked(&[]).is_err() && asked(&["--centre", "Krems"]).is_err());
    }

    #[test]
    fn serve_listens_on_loopback_unless_asked_otherwise() {
        let arguments = Arguments::try_parse_from(["weltgewebe", "serve", "--data", "/d"])
            .expect("the shortest command line is understood");
        let Verb::Serve(options) = arguments.verb else {
            panic!("`serve` is the verb");
        };
        assert!(options.listen.ip().is_loopback());
        assert_eq!(
            options.common.data_folder().expect("it was named"),
            PathBuf::from("/d")
        );
    }
}
