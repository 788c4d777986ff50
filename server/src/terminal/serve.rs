//! Why the server does not serve what it was given, in German.

use super::Said;
use crate::serve::ServeError;

impl Said for ServeError {
    fn in_german(&self) -> String {
        match self {
            Self::Basemap(error) => error.in_german(),
            // About the machine: as all commands say it.
            Self::NoDataFolder(_)
            | Self::Listen(_)
            | Self::Letters(_)
            | Self::Tls(_)
            | Self::Embedded(_)
            | Self::Product(_) => crate::log::with_causes(self),
        }
    }
}
