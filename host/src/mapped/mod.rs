//! A replay table in a file that all processes of a service map into memory. Once a worker has accepted a
//! request, all workers reject a replay of it, even after a restart.

mod error;
#[cfg(unix)]
mod file;
#[cfg(unix)]
mod header;
#[cfg(unix)]
mod identity;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod table;
#[cfg(all(test, unix))]
mod tests;
#[cfg(not(unix))]
mod unsupported;

pub use error::{MappedError, Problem, Unusable};
#[cfg(unix)]
pub use place::{default_name, default_path};
#[cfg(unix)]
pub use table::MappedTable;
#[cfg(not(unix))]
pub use unsupported::{MappedTable, default_name, default_path};
