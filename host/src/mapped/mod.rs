//! A replay table in a file that every process of a service maps: what one worker accepted, no other accepts, nor any
//! worker after a restart.

mod error;
#[cfg(unix)]
mod file;
#[cfg(unix)]
mod header;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod table;
#[cfg(not(unix))]
mod unsupported;

pub use error::{MappedError, Problem};
#[cfg(unix)]
pub use place::default_path;
#[cfg(unix)]
pub use table::MappedTable;
#[cfg(not(unix))]
pub use unsupported::{MappedTable, default_path};
