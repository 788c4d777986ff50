//! Why the server does not serve what it was given, in German.

use super::Said;
use crate::serve::ServeError;

impl Said for ServeError {
    fn in_german(&self) -> String {
        match self {
            Self::NoDataFolder(error) => error.in_german(),
            Self::Listen(error) => error.in_german(),
            Self::Basemap(error) => error.in_german(),
            Self::Letters(error) => error.in_german(),
            Self::Tls(error) => error.in_german(),
            Self::Embedded(error) => error.in_german(),
            Self::Product(error) => error.in_german(),
        }
    }
}
