#![no_main]

const FRAME: &str = include_str!("../../surveys/reported/frame/2025.csv");

libfuzzer_sys::fuzz_target!(|text: &str| {
    let year = "2025".parse().expect("2025 is a round");
    let (frame, _) = frame::frame("frame/2025.csv", FRAME, year);
    let frame = frame.expect("the frame of a survey of the house is sound");
    report::read_boundaries("frame/2025.geojson", text, &frame);
});
