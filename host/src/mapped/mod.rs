//! A replay table in a file mapped by every process of a service.
