//! What the files look like.

use formats::{Audience, WriteError, write_codebook, write_csv};

use crate::sample::sample;

fn table(data: &dataset::DataSet, audience: Audience) -> String {
    let mut out = vec![];
    write_csv(data, audience, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_team_gets_everything() {
    let data = sample();
    insta::assert_snapshot!("internal.csv", table(&data, Audience::Internal));
    insta::assert_snapshot!("internal.json", write_codebook(&data, Audience::Internal));
}

#[test]
fn the_public_gets_what_is_released() {
    let data = sample();
    let (table, codebook) =
        (table(&data, Audience::Public), write_codebook(&data, Audience::Public));
    // `merknad` is internal; `kjennskap` is for tables, so that its words are known.
    for (text, merknad, kjennskap) in [(&table, false, false), (&codebook, false, true)] {
        assert_eq!(text.contains("merknad"), merknad);
        assert_eq!(text.contains("kjennskap"), kjennskap);
    }
    insta::assert_snapshot!("public.csv", table);
    insta::assert_snapshot!("public.json", codebook);
}

#[test]
fn two_variables_of_one_column_are_refused() {
    let mut data = sample();
    // As a foreign file may have it: a variable with the name of an option's column.
    data.variables[0].name = "tiltak.kurs".to_owned();
    let error = write_csv(&data, Audience::Internal, std::io::sink()).unwrap_err();
    assert!(
        matches!(&error, WriteError::DuplicateColumn(name) if name == "tiltak.kurs"),
        "{error}"
    );
}
