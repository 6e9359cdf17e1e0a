#![no_main]

#[path = "../../crates/instrument/tests/instrument/targets.rs"]
#[allow(dead_code, reason = "each target calls one of the functions")]
mod targets;

libfuzzer_sys::fuzz_target!(|text: &str| targets::read_list(text));
