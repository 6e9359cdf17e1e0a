//! What people read in the terminal: text on standard error, data on standard output.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::filter::LevelFilter;

/// Lets the server's own errors reach standard error, a line each with its time.
pub fn log() {
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

/// Prints an error and what led to it.
pub fn error(error: &anyhow::Error) {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    note(&format!("error: {}", causes.join(": ").trim_end()));
}

/// Prints a line for the person at the keyboard. A closed terminal is no reason to stop.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints data. A pipe that was closed, as by `head`, ends the output, not the command.
pub fn data(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Returns a display of one step of long work: a bar in a terminal, nothing in a pipe.
pub fn progress(title: &str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0).with_message(title.to_owned());
    let style = ProgressStyle::with_template("  {spinner} {msg:<44} {bar:24} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Ends the display of a step with a line that stays.
pub fn finish(bar: &ProgressBar, line: &str, quiet: bool) {
    bar.finish_and_clear();
    if !quiet {
        note(&format!("  ✓ {line}"));
    }
}

/// Returns whether standard output shows colours: a terminal does, a pipe or file does not.
pub fn colour() -> bool {
    std::io::stdout().is_terminal()
}
