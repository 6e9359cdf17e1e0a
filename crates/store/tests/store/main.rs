//! The store against real SQLite files in temporary folders.

mod access;
mod crash;
mod field;
mod freeze;
mod life;
mod opening;
mod together;

mod tiny;
