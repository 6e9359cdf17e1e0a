//! Reads the files of a survey folder: a checked value and all diagnostics at once.
