//! The demo's survey, carried in the program so that the demo needs nothing else.

/// The name of the survey's folder.
pub const SURVEY: &str = "kommuneundersokelsen";

macro_rules! survey_files {
    ($($file:literal),* $(,)?) => {
        /// The files of the survey, by their path in its folder.
        pub const FILES: &[(&str, &str)] = &[$((
            $file,
            include_str!(concat!("../../../../../surveys/kommuneundersokelsen/", $file)),
        )),*];
    };
}

survey_files![
    "README.md",
    "survey.yaml",
    "published.csv",
    "frame/2021.csv",
    "frame/2023.csv",
    "frame/2025.csv",
    "frame/changes.csv",
    "rounds/2021/questionnaire.yaml",
    "rounds/2021/plan.yaml",
    "rounds/2021/simulation.yaml",
    "rounds/2021/report.nb.md",
    "rounds/2021/report.nn.md",
    "rounds/2021/report.en.md",
    "rounds/2023/questionnaire.yaml",
    "rounds/2023/plan.yaml",
    "rounds/2023/simulation.yaml",
    "rounds/2023/report.nb.md",
    "rounds/2023/report.nn.md",
    "rounds/2023/report.en.md",
    "rounds/2025/questionnaire.yaml",
    "rounds/2025/plan.yaml",
    "rounds/2025/simulation.yaml",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Every file of the survey must be listed: a file that is not would be missing in the demo.
    #[test]
    fn the_list_is_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys").join(SURVEY);
        let mut found = vec![];
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                match path.is_dir() {
                    true if name == ".runde" => {}
                    true => folders.push(path),
                    false => found.push(name),
                }
            }
        }
        found.sort();
        let mut listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        listed.sort_unstable();
        assert_eq!(listed, found);
    }
}
