//! Estimates against R's `survey`, against laws that hold for any sample, and against simulation.

#![expect(clippy::panic, reason = "a golden value that names what is not there fails its test")]

mod change;
mod coverage;
mod enumeration;
mod files;
mod golden;
mod laws;
mod linearisation;
