#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let year = "2025".parse().expect("2025 is a round");
    frame::frame("frame/2025.csv", text, year);
    frame::changes("frame/changes.csv", text);
});
